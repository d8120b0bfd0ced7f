// Enhancement only: the form works without any of this.

import { say, valueOf } from "./answers.js";
import { isTrue } from "./conditions.js";
import { measureActiveTime } from "./form_time.js";
import { forgetSentForm, keepOpenForm } from "./keep-open.js";
import { offerChange, rememberSent, resumeForm } from "./resume.js";

/** Show each question exactly when its condition is met. In order: what follows a hidden one is hidden, too. */
function showRelevantQuestions(form) {
  const values = new Proxy({}, { get: (_, name) => valueOf(form, name) });
  for (const question of form.querySelectorAll("[data-shown-if]")) {
    question.hidden = !isTrue(JSON.parse(question.dataset.shownIf), values);
  }
}

/** Put answers of this page into the texts that repeat them. */
function repeatAnswers(form) {
  for (const place of form.querySelectorAll("[data-pipe]")) {
    const said = say(form, place.dataset.pipe);
    if (said === null) continue;
    place.dataset.otherwise ??= place.textContent;
    place.textContent = said || place.dataset.otherwise;
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

/** "Prefer not to say" under a field empties it; typing takes the tick away. */
function keepDeclined(changed) {
  const box = changed.closest("[data-declines]");
  const question = changed.closest(".question");
  if (box && changed.checked) {
    for (const field of question.querySelectorAll("input[type=text], textarea, select")) field.value = "";
  } else if (!box && changed.value) {
    for (const tick of question?.querySelectorAll("[data-declines] input") ?? []) tick.checked = false;
  }
}

/** A place in a ranking is given once: whoever had it before loses it. */
function keepPlacesApart(changed) {
  for (const other of changed.closest("[data-ranking]")?.querySelectorAll("select") ?? []) {
    if (other !== changed && other.value === changed.value) other.value = "";
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
    repeatAnswers(form);
  };
  form.addEventListener("change", (event) => {
    keepExclusive(event.target);
    keepDeclined(event.target);
    keepPlacesApart(event.target);
    update();
  });
  // Browsers put back what was typed when the person comes back with the back button.
  window.addEventListener("pageshow", update);
  update();
  measureActiveTime(form);
  resumeForm(form);
  keepOpenForm(form);
}
rememberSent();
forgetSentForm();
offerChange();
