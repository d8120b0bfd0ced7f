// Enhancement only: the form works without any of this.

/** The values ticked or chosen for a question; a hidden question counts as unanswered, as on the server. */
function valuesOf(form, name) {
  const inputs = [...form.querySelectorAll("input:checked")].filter(
    (input) => input.name === name && !input.closest("[data-shown-when][hidden]"),
  );
  return inputs.length ? inputs.map((input) => input.value) : [""];
}

/** Show each question exactly when one of the values in data-shown-when is chosen. */
function showRelevantQuestions(form) {
  for (const question of form.querySelectorAll("[data-shown-when]")) {
    const wanted = JSON.parse(question.dataset.shownWhen);
    question.hidden = !valuesOf(form, question.dataset.shownBy).some((value) => wanted.includes(value));
  }
}

/** Show "please say" texts beside the option that asks for them. */
function showOtherTexts(form) {
  for (const input of form.querySelectorAll("[data-aria-controls]")) {
    const text = document.getElementById(input.dataset.ariaControls);
    // The first class is the component's: govuk-radios__conditional or govuk-checkboxes__conditional.
    text.classList.toggle(`${text.classList[0]}--hidden`, !input.checked);
    // ARIA knows "expanded" for a checkbox but not for a radio button.
    if (input.type === "checkbox") input.setAttribute("aria-expanded", String(input.checked));
    input.setAttribute("aria-controls", text.id);
  }
}

/** "None of these" and any other answer exclude each other. */
function keepExclusive(changed) {
  if (changed.type !== "checkbox" || !changed.checked) return;
  const isExclusive = (input) => input.dataset.behaviour === "exclusive";
  for (const input of changed.form.querySelectorAll("input[type=checkbox]")) {
    const isOther = input !== changed && input.name === changed.name;
    if (isOther && (isExclusive(changed) || isExclusive(input))) input.checked = false;
  }
}

/** A link of the error summary goes to the question's heading and puts the cursor into its field. */
function followErrorLinks(summary) {
  summary.addEventListener("click", (event) => {
    const field = document.getElementById(event.target.hash?.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".question") ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

/** Longest time between two signs of life that counts, as in the ledger of burden. */
const LONGEST_GAP = 120;

/** Count the seconds somebody is busy with the form, and send nothing but their sum with the answers. */
function measureActiveTime(form) {
  let seconds = 0;
  let last = performance.now();
  const count = () => {
    const now = performance.now();
    seconds += Math.min((now - last) / 1000, LONGEST_GAP);
    last = now;
  };
  for (const sign of ["input", "change", "focusin", "keydown", "pointerdown"]) {
    form.addEventListener(sign, count, { passive: true });
  }
  const field = form.elements["active-seconds"];
  form.addEventListener("submit", () => {
    count();
    field.value = String(Math.round(seconds + Number(field.defaultValue)));
  });
}

const summary = document.querySelector(".govuk-error-summary");
if (summary) {
  followErrorLinks(summary);
  summary.tabIndex = -1;
  summary.focus();
}

const form = document.querySelector("form[data-survey-form]");
if (form) {
  const update = () => {
    showRelevantQuestions(form);
    showOtherTexts(form);
  };
  form.addEventListener("change", (event) => {
    keepExclusive(event.target);
    update();
  });
  // Browsers put back what was typed when the person comes back with the back button.
  window.addEventListener("pageshow", update);
  update();
  measureActiveTime(form);
}
