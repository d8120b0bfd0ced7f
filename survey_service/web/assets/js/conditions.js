// Conditions of the form, worked out as domain/expression_values.py does: XPath 1.0's texts, numbers and truths.
// A condition is a value, or a list of a function's name and its arguments.

const NUMBER = /^\s*-?([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*$/;

/** Days since 1970 of a date such as 2026-03-27; NaN when there is no such day. */
function countDays(text) {
  const day = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : NaN;
  return isNaN(day) || day.toISOString().slice(0, 10) !== text ? NaN : day / 864e5;
}

function toNumber(value) {
  if (typeof value !== "string") return Number(value);
  return NUMBER.test(value) ? Number(value) : countDays(value);
}

function isEqual(left, right) {
  if (typeof left === "boolean" || typeof right === "boolean") return Boolean(left) === Boolean(right);
  if (typeof left === "number" || typeof right === "number") return toNumber(left) === toNumber(right);
  return left === right;
}

const words = (value) => String(value).split(/\s+/).filter(Boolean);

const functions = {
  or: (left, right) => Boolean(left) || Boolean(right),
  and: (left, right) => Boolean(left) && Boolean(right),
  "=": isEqual,
  "!=": (left, right) => !isEqual(left, right),
  "<": (left, right) => toNumber(left) < toNumber(right),
  "<=": (left, right) => toNumber(left) <= toNumber(right),
  ">": (left, right) => toNumber(left) > toNumber(right),
  ">=": (left, right) => toNumber(left) >= toNumber(right),
  "+": (left, right) => toNumber(left) + toNumber(right),
  "-": (left, right) => toNumber(left) - toNumber(right),
  "*": (left, right) => toNumber(left) * toNumber(right),
  div: (left, right) => toNumber(left) / toNumber(right),
  mod: (left, right) => toNumber(left) % toNumber(right),
  negative: (value) => -toNumber(value),
  true: () => true,
  false: () => false,
  not: (value) => !value,
  selected: (names, name) => words(names).includes(String(name)),
  "count-selected": (names) => words(names).length,
  "string-length": (value) => [...String(value)].length,
  coalesce: (first, second) => (String(first) ? first : second),
  date: String,
  if: (condition, yes, no) => (condition ? yes : no),
};

/** The value of a condition; `values` maps questions to answers, a missing one is unanswered. */
export function evaluate(code, values) {
  if (!Array.isArray(code)) return code;
  const [name, ...codes] = code;
  if (name === "$") return values[codes[0]] ?? "";
  return functions[name](...codes.map((one) => evaluate(one, values)));
}

export const isTrue = (code, values) => Boolean(evaluate(code, values));
