// The service worker of tablets at events. It keeps the pages, and closes what is answered while there is no
// network into boxes that only the server can open (integrations/tablet_box.py). Each is sent until the server
// says that it has it; the server counts each form once, however often it comes.

const CACHE = "tablet";
const PATIENCE = 8000;
const OLD = 6 * 3600 * 1000;

// The database of the device: `setup` by the start's address, `waiting` by the form's own name.

function database() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("tablet", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("setup", { keyPath: "start" });
      opening.result.createObjectStore("waiting", { keyPath: "id" });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

async function inStore(name, mode, act) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const turn = opened.transaction(name, mode, mode === "readwrite" ? { durability: "strict" } : {});
      const request = act(turn.objectStore(name));
      turn.oncomplete = () => resolve(request.result);
      turn.onerror = turn.onabort = () => reject(turn.error);
    });
  } finally {
    opened.close();
  }
}

const startOf = (path) => path.split("/").slice(0, 3).join("/");
const wait = (milliseconds) => new Promise((_, reject) => setTimeout(() => reject(new Error("too slow")), milliseconds));

async function tell(message) {
  for (const client of await self.clients.matchAll()) client.postMessage(message);
}

async function tellWaiting() {
  await tell({ kind: "waiting", number: await inStore("waiting", "readonly", (store) => store.count()) });
}

// Pages and what they load.

async function keepPage(cache, path, seen) {
  const page = await fetch(path, { cache: "reload" });
  if (!page.ok) throw new Error(`${path}: ${page.status}`);
  const html = await page.clone().text();
  await cache.put(path, page);
  for (const [, file] of html.matchAll(/<(?:link|script)\b[^>]*?\b(?:href|src)="(\/[^"]+)"/g)) {
    if (seen.has(file)) continue;
    seen.add(file);
    const loaded = await fetch(file);
    if (!loaded.ok) throw new Error(`${file}: ${loaded.status}`);
    await cache.put(file, loaded);
  }
}

async function keep(setup) {
  const before = await inStore("setup", "readonly", (store) => store.get(setup.start));
  const isNew = JSON.stringify(before?.setup) !== JSON.stringify(setup) || Date.now() - before.at > OLD;
  if (isNew) {
    const cache = await caches.open(CACHE);
    const seen = new Set();
    for (const path of setup.pages) await keepPage(cache, path, seen);
    await inStore("setup", "readwrite", (store) => store.put({ start: setup.start, setup, at: Date.now() }));
  }
  await tell({ kind: "ready" });
}

/** The start says that the link has ended: nothing of its pages stays. What waits may still be taken. */
async function forgetPages(start) {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    if (startOf(new URL(request.url).pathname) === start) await cache.delete(request);
  }
  await inStore("setup", "readwrite", (store) => store.delete(start));
}

function newName() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A kept page for one more person: each form has a name of its own, by which the server counts it once. */
async function keptPage(path, search) {
  const cache = await caches.open(CACHE);
  const page = (await cache.match(path + search)) ?? (await cache.match(path, { ignoreSearch: true }));
  if (!page) return Response.error();
  const html = (await page.text())
    .replace(/(name="open-submission" value=")[0-9a-f]*/, `$1${newName()}`)
    .replace(/(name="served-at" value=")\d*/, `$1${Math.floor(Date.now() / 1000)}`);
  const headers = new Headers(page.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(html, { headers });
}

async function showPage(request) {
  const { pathname, search } = new URL(request.url);
  try {
    const page = await Promise.race([fetch(request), wait(PATIENCE)]);
    if (page.status === 410 && pathname === startOf(pathname)) await forgetPages(pathname);
    return page.status >= 500 || page.status === 429 ? keptPage(pathname, search) : page;
  } catch {
    return keptPage(pathname, search);
  }
}

async function showFile(request) {
  return (await (await caches.open(CACHE)).match(request)) ?? fetch(request);
}

// Answers.

async function closeBox(key, text) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0)), curve, false, []);
  const ours = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", ours.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  const derive = { name: "HKDF", hash: "SHA-256", salt: point, info: new TextEncoder().encode("tablet answers|1") };
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const aes = await crypto.subtle.deriveKey(derive, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, aes, new TextEncoder().encode(text));
  return new Blob([point, nonce, sealed]).arrayBuffer();
}

async function keepAnswers(url, body) {
  const fields = new URLSearchParams(body);
  const start = startOf(url.pathname);
  const form = url.searchParams.get("form");
  const goTo = (path) => Response.redirect(new URL(path, url).href, 303);
  const wanted = fields.get("switch_language");
  if (wanted) return goTo(`${start}/${wanted}?form=${form}`);
  const kept = await inStore("setup", "readonly", (store) => store.get(start));
  if (!kept) return Response.error();
  const language = url.pathname.split("/")[3];
  const [version, at] = [Number(url.searchParams.get("version")), Math.floor(Date.now() / 1000)];
  const box = await closeBox(kept.setup.key, JSON.stringify({ language, version, form: Number(form), body, at }));
  await inStore("waiting", "readwrite", (store) => store.put({ id: fields.get("open-submission"), start, box }));
  return goTo(`${start}/${language}/thanks`);
}

async function takeAnswers(request) {
  const body = await request.clone().text();
  try {
    const answer = await Promise.race([fetch(request), wait(PATIENCE)]);
    // An answer that may have arrived and is kept all the same is counted once by its name.
    if (answer.status < 500 && answer.status !== 429) return answer;
  } catch {
    // no network
  }
  return keepAnswers(new URL(request.url), body);
}

async function sendBox({ id, start, box }) {
  const headers = { "content-type": "application/octet-stream" };
  const answer = await fetch(`${start}/kept`, { method: "POST", body: box, headers });
  // 410: the link was revoked, and nobody will ever take it.
  if (answer.ok || answer.status === 410) await inStore("waiting", "readwrite", (store) => store.delete(id));
  // One that cannot be read now stays, and keeps no other back.
  return answer.ok || answer.status === 410 || answer.status === 422;
}

let sending = null;

async function sendAll() {
  try {
    for (const one of await inStore("waiting", "readonly", (store) => store.getAll())) {
      if (!(await sendBox(one))) break;
    }
  } catch {
    // no network yet: the next call goes on
  }
  await tellWaiting();
}

function sendOnce() {
  sending ??= sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("sync", (event) => event.waitUntil(sendOnce()));
self.addEventListener("message", (event) => {
  if (event.data.kind === "keep") event.waitUntil(keep(event.data.setup).catch(() => {}));
  if (event.data.kind === "send") event.waitUntil(sendOnce());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const isTablet = url.pathname.startsWith("/tablet/") && request.mode === "navigate";
  if (isTablet && request.method === "POST") event.respondWith(takeAnswers(request));
  else if (isTablet) event.respondWith(showPage(request));
  else if (request.method === "GET" && ["style", "script", "image"].includes(request.destination)) {
    event.respondWith(showFile(request));
  }
});
