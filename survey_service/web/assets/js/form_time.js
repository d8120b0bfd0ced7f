// How long somebody is busy with a form and with each question. Sums are sent with the answers, nothing else.

/** Longest time between two signs of life that counts, as in the ledger of burden. */
const LONGEST_GAP = 120;

const read = (text) => new Map(text.split(" ").filter(Boolean).map((part) => part.split(":")).map(([name, seconds]) => [name, Number(seconds)]));

export function measureActiveTime(form) {
  let seconds = 0;
  let last = performance.now();
  const field = form.elements["active-seconds"];
  if (!field) return; // typed in by staff: the time is theirs, not the person's
  const byQuestion = form.elements["question-seconds"];
  const spent = read(byQuestion?.defaultValue ?? "");
  const count = (event) => {
    const now = performance.now();
    const gap = Math.min((now - last) / 1000, LONGEST_GAP);
    seconds += gap;
    last = now;
    // The time before a sign of life belongs to the question that gives it.
    const name = event?.target.closest?.(".question")?.querySelector("[name]")?.name.split("--")[0];
    if (name) spent.set(name, (spent.get(name) ?? 0) + gap);
  };
  for (const sign of ["input", "change", "focusin", "keydown", "pointerdown"]) {
    form.addEventListener(sign, count, { passive: true });
  }
  form.addEventListener("submit", () => {
    count();
    field.value = String(Math.round(seconds + Number(field.defaultValue)));
    if (byQuestion) byQuestion.value = [...spent].map(([name, sum]) => `${name}:${Math.round(sum * 10) / 10}`).join(" ");
  });
}
