// The page beside a question follows what is typed. Without this a button does the same.

const PAUSE = 600;

/** Post the form into a fresh frame and put it in the old one's place when it is there. A frame that is put in
 *  anew leaves no trace in the way back. */
function refresh(form, button) {
  const old = document.querySelector("iframe[name=preview]");
  if (!old || document.querySelector(".preview__frame--coming")) return false;
  const fresh = old.cloneNode();
  fresh.removeAttribute("src");
  fresh.classList.add("preview__frame--coming");
  old.name = old.contentWindow.name = "preview-before";
  old.after(fresh);
  // Going to a place in the frame by its address would move the page around it, too.
  const [address, place] = button.getAttribute("formaction").split("#");
  fresh.addEventListener("load", () => {
    if (fresh.contentWindow.location.href === "about:blank") return;
    old.remove();
    fresh.classList.remove("preview__frame--coming");
    const question = fresh.contentDocument.getElementById(place);
    if (question) fresh.contentWindow.scrollTo(0, question.getBoundingClientRect().top);
  });
  button.setAttribute("formaction", address);
  form.requestSubmit(button);
  button.setAttribute("formaction", `${address}#${place}`);
  return true;
}

/** Take the remarks on the wording from the page the server would answer with; nothing is saved. */
async function remark(form) {
  const typed = new FormData(form);
  typed.set("step", "check");
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(typed) });
  const shown = document.getElementById("remarks");
  if (answer.status === 401 || answer.status === 403) {
    const told = Object.assign(document.createElement("p"), { className: "govuk-error-message" });
    told.textContent = form.dataset.signedOut;
    shown.replaceChildren(told);
  }
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("remarks");
  if (fresh && shown.innerHTML !== fresh.innerHTML) shown.replaceChildren(...fresh.childNodes);
}

export function followTyping(form) {
  let button = document.querySelector("button[data-preview]");
  let waiting;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (!refresh(form, button)) return later();
      remark(form).catch(() => {}); // the next pause tries again
    }, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // The language that was pressed last is the one that is followed.
  for (const other of document.querySelectorAll("button[data-preview]")) {
    other.addEventListener("click", () => (button = other));
  }
  form.addEventListener("submit", () => clearTimeout(waiting));
}
