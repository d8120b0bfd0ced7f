// A tablet at an event: what the service worker keeps, and back to the start between two people.

const IDLE = 120_000;
const ASKED = 30_000;
const THANKED = 15_000;
const AGAIN = 20_000;
const RENEW = 600_000;

const start = location.pathname.split("/").slice(0, 3).join("/");
const goToStart = () => location.replace(start);

function showWaiting(number) {
  for (const line of document.querySelectorAll("[data-tablet-waiting]")) {
    line.hidden = number === 0;
    line.querySelector("[data-tablet-number]").textContent = number.toLocaleString(document.documentElement.lang);
  }
}

async function tellWorker(message) {
  (await navigator.serviceWorker.ready).active.postMessage(message);
}

/** Only where browsers have them: https, or the machine itself. */
async function useWorker(setup) {
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data.kind === "waiting") showWaiting(data.number);
    if (data.kind === "ready") document.querySelector("[data-tablet-ready]")?.removeAttribute("hidden");
  });
  if (setup) {
    await navigator.serviceWorker.register("/tablet/worker.js", { scope: "/tablet/" });
    navigator.storage?.persist?.();
    await tellWorker({ kind: "keep", setup });
  }
  const send = () => tellWorker({ kind: "send" });
  window.addEventListener("online", send);
  setInterval(send, AGAIN);
  await send();
  const { sync } = await navigator.serviceWorker.ready;
  sync?.register("send").catch(() => {});
}

/** Lots are drawn here, so that every form gets its share without a network, too. */
function drawForm(forms) {
  let place = crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
  const [drawn] = forms.find(([, share]) => (place -= share) < 0) ?? forms.at(-1);
  for (const link of document.querySelectorAll("[data-tablet] a")) {
    const url = new URL(link.href);
    url.searchParams.set("form", drawn);
    link.href = url.pathname + url.search;
  }
}

/** Somebody who went away leaves nothing behind; somebody who thinks is asked first. */
function watchIdle(dialog) {
  let timer;
  const reset = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      dialog.showModal?.();
      timer = setTimeout(goToStart, ASKED);
    }, IDLE);
  };
  for (const sign of ["input", "keydown", "pointerdown", "scroll"]) {
    document.addEventListener(sign, () => dialog.open || reset(), { passive: true });
  }
  dialog.addEventListener("close", reset);
  dialog.querySelector("[data-tablet-stay]").addEventListener("click", () => dialog.close());
  reset();
}

const place = document.querySelector("[data-tablet]");
const dialog = document.querySelector("[data-tablet-idle]");
const form = document.querySelector("form[data-survey-form]");
const setup = place && JSON.parse(place.dataset.tablet);
if (setup) {
  drawForm(setup.forms);
  setInterval(() => navigator.onLine && location.reload(), RENEW);
}
if (form) {
  // Browsers put typed texts back for who goes back; here that would be somebody else.
  form.autocomplete = "off";
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation?.type === "back_forward") goToStart();
  window.addEventListener("pageshow", (event) => event.persisted && goToStart());
  watchIdle(dialog);
}
if (document.querySelector("[data-tablet-start]")) setTimeout(goToStart, THANKED);
useWorker(setup);
