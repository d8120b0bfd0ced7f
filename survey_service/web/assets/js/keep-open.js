// An open form kept on this device, because the person pressed a button that says so. Nobody knows who answers an
// open form, so the server keeps nothing of it; what is here goes when it is sent, erased, or its days are over.

const PREFIX = "open-form-";
const [, area, survey] = location.pathname.split("/");
const NAME = area === "o" && survey ? PREFIX + survey : "";

function storage() {
  try {
    return NAME ? localStorage : null;
  } catch {
    return null; // switched off: nothing is offered
  }
}

function read(store, name = NAME) {
  try {
    return JSON.parse(store.getItem(name));
  } catch {
    return null;
  }
}

function write(store, form, days) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const kept = { until: Date.now() + days * 86_400_000, version: new URL(form.action).search, fields };
  try {
    store.setItem(NAME, JSON.stringify(kept));
    return true;
  } catch {
    return false; // no room
  }
}

const copyOf = (fields) => fields?.find(([name]) => name === "open-submission")?.[1];

/** What is older than was promised goes, whichever survey it belongs to. */
function forgetOld(store) {
  for (const name of Object.keys(store).filter((one) => one.startsWith(PREFIX))) {
    if (!(read(store, name)?.until > Date.now())) store.removeItem(name);
  }
}

/** The server shows the page again that was kept, with the questions of that time. */
function goOn(form, kept) {
  const again = document.createElement("form");
  again.method = "post";
  again.action = form.action.split("?")[0] + kept.version;
  for (const [name, value] of [...kept.fields, ["form-go", "resume"]]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    again.append(field);
  }
  document.body.append(again);
  again.submit();
}

/** An open form of several pages: offer to keep it; once kept, keep what is typed until it is erased. */
export function keepOpenForm(form) {
  const store = storage();
  const place = document.querySelector("[data-keep-days]");
  if (!store || !place) return;
  const [offer, done, erased] = ["offer", "done", "erased"].map((name) => place.querySelector(`[data-keep-${name}]`));
  const found = document.querySelector("[data-kept-found]"); // only on the page a visit begins with
  const days = Number(place.dataset.keepDays);
  const keep = () => write(store, form, days);
  const show = (isKept) => {
    done.hidden = !isKept;
    offer.hidden = isKept;
  };
  forgetOld(store);
  const kept = read(store);
  let isOurs = kept !== null && copyOf(kept.fields) === form.elements["open-submission"].value;
  if (isOurs) keep(); // the page that follows another, or the same one once more
  show(isOurs);
  const showFound = (isThere) => found?.toggleAttribute("hidden", !isThere);
  showFound(kept !== null && !isOurs);

  place.querySelector("[data-keep]").addEventListener("click", () => {
    isOurs = keep();
    show(isOurs);
    erased.hidden = true;
    showFound(false);
    place.querySelector("[data-keep-said]").focus();
  });
  found?.querySelector("[data-kept-go-on]").addEventListener("click", () => goOn(form, kept));
  for (const button of document.querySelectorAll("[data-kept-erase]")) {
    button.addEventListener("click", () => {
      store.removeItem(NAME);
      isOurs = false;
      show(false);
      showFound(false);
      erased.hidden = false;
      erased.focus();
    });
  }
  for (const sign of ["change", "submit"]) form.addEventListener(sign, () => isOurs && keep());
}

/** What was sent is not kept any longer. */
export function forgetSentForm() {
  if (location.pathname.endsWith("/thanks")) storage()?.removeItem(NAME);
}
