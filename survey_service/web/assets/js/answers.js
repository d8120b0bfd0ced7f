// What the form's fields say at this moment, as the server would read it (domain/answer_fields.py).

const DECLINED = "--declined";

/** Digits of any script as 0 to 9. Each script's ten stand in a row, so a digit is its distance from the nought. */
export function readDigits(text) {
  return text.replace(/\p{Nd}/gu, (sign) => {
    let code = sign.codePointAt(0);
    let digit = -1;
    while (/\p{Nd}/u.test(String.fromCodePoint(code))) {
      digit += 1;
      code -= 1;
    }
    return String(digit % 10);
  });
}

function readNumber(text) {
  const typed = readDigits(text)
    .replace(/[\s\u200e\u200f\u061c\u2066-\u2069\u066c'\u2019]/g, "")
    .replace(/^[\u2212\uff0d]/, "-")
    .replace(/[,\u066b\uff0e\uff0c]/, ".");
  return /^[-+]?([0-9]+(\.[0-9]+)?|\.[0-9]+)$/.test(typed) ? String(Number(typed)) : "";
}

function readDate(form, name) {
  const [day, month, year] = [name, `${name}--month`, `${name}--year`].map((field) =>
    readDigits(form.elements[field].value.trim()),
  );
  return year && month && day ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
}

/** The inputs of one question: those named like it. */
const inputsOf = (form, name) => [...form.elements].filter((input) => input.name === name);

const isChosen = (input) => input.checked && input.value !== DECLINED;

/** An answer of an earlier page, which this one carries along unseen: all its fields, without their kind. */
function readCarried(form, name, inputs) {
  if (form.elements[`${name}--year`]) return readDate(form, name);
  const value = inputs
    .map((input) => input.value)
    .filter((text) => text !== DECLINED)
    .join(" ");
  return readNumber(value) || value.trim();
}

/** The answer as conditions read it; a hidden question counts as unanswered, as on the server. */
export function valueOf(form, name) {
  const inputs = inputsOf(form, name);
  if (!inputs.length || inputs[0].closest("[data-shown-if][hidden]")) return "";
  if (inputs[0].type === "hidden") return readCarried(form, name, inputs);
  switch (inputs[0].dataset.kind) {
    case "number":
      return readNumber(inputs[0].value);
    case "date":
      return readDate(form, name);
    case "text":
      return inputs[0].value.trim();
  }
  return inputs
    .filter(isChosen)
    .map((input) => input.value)
    .join(" ");
}

/** The answer as a person would say it; null where the server has said it, of an earlier page. */
export function say(form, name) {
  const inputs = inputsOf(form, name);
  if (!inputs.length || inputs[0].type === "hidden") return null;
  const value = valueOf(form, name);
  const { lang } = document.documentElement;
  if (!value || inputs[0].dataset.kind === "text") return value;
  if (inputs[0].dataset.kind === "number") return inputs[0].value.trim();
  if (inputs[0].dataset.kind === "date") {
    const day = new Date(`${value}T00:00:00Z`);
    return isNaN(day) ? "" : new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(day);
  }
  const labels = inputs.filter(isChosen).map((input) => input.labels[0]?.textContent.trim() ?? input.value);
  return Intl.ListFormat ? new Intl.ListFormat(lang).format(labels) : labels.join(", ");
}
