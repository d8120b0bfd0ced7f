// Back to one's answers on the same device. The key to them is kept in the browser, under the link's own
// beginning, and only after the server has taken something; a cookie it is not: it is sent by this script
// alone, and only to the form it belongs to.

const [, area, token] = location.pathname.split("/");
const NAME = area === "s" && token ? `answers-${token.slice(0, 8)}` : "";

function read(store) {
  try {
    return NAME && store.getItem(NAME);
  } catch {
    return null; // storage is switched off: the page itself still holds everything
  }
}

function write(store, key) {
  try {
    if (key) store.setItem(NAME, key);
    else store.removeItem(NAME);
  } catch {
    // as above
  }
}

function postKey(action, key) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  for (const [name, value] of [["resume-key", key], ["form-go", "resume"]]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

/** A personal form: go on where this device stopped, and remember the key of what the server has taken. */
export function resumeForm(form) {
  const field = form.elements["resume-key"];
  if (!field || !NAME) return;
  const known = read(localStorage);
  if (!("fresh" in field.dataset)) write(localStorage, field.value);
  else if (known && known !== field.value) postKey(form.action, known);
  // Only the page that follows says that the key was taken.
  form.addEventListener("submit", () => write(sessionStorage, field.value));
}

/** The page that says thank you: what was sent can be changed from here. */
export function rememberSent() {
  if (!NAME || !location.pathname.endsWith("/thanks")) return;
  write(localStorage, read(sessionStorage) || read(localStorage));
}

/** The page that says it was answered: with the key the button changes the answers at once. */
export function offerChange() {
  const form = document.querySelector("form[data-change-answers]");
  const known = read(localStorage);
  if (!form || !known) return;
  form.elements["resume-key"].value = known;
  form.hidden = false;
  document.querySelector("[data-change-elsewhere]").hidden = true;
}
