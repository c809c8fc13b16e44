// Keeps a page true without moving it under the hand.
//   <main data-live="URL" data-live-etag="…">   the address of the same page, which answers with an ETag, or 304
//   <… id data-live-region>                     swapped when its content changed
//   <… id data-live-region="held">              a list: new items wait behind [data-live-bar="its id"]
//   <… data-live-status data-fresh="À jour à {time}" data-lost="Connexion perdue, données de {time}" data-time-zone="Europe/Paris">
//   <button data-live-freeze aria-pressed="false">
// Ten seconds while the page is visible, sixty while hidden, at once on return.
const VISIBLE_MS = 10_000;
const HIDDEN_MS = 60_000;
const REACHABLE = "a[href], button, summary";
const FAILURES_BEFORE_SAYING_SO = 2;

const page = document.querySelector("[data-live]");
const held = new Map();
// What the server last said of each region: other modules mark rows that the hand is on, which is no news.
const told = new Map(Array.from(document.querySelectorAll("[data-live-region]"), (region) => [region.id, words(region)]));
let etag = page?.dataset.liveEtag || "";
let failures = 0;
let frozen = false;
let freshAt = new Date();
let timer = 0;

// Without what differs in each answer though nothing moved: tokens of forms, and the last act that the page knows of.
function words(region) {
  return region.className + region.innerHTML.replace(/name="(csrfmiddlewaretoken|seen)" value="[^"]*"/g, "");
}

function say() {
  const lost = failures >= FAILURES_BEFORE_SAYING_SO;
  for (const status of document.querySelectorAll("[data-live-status]")) {
    const time = freshAt.toLocaleTimeString("fr-FR", {
      hour: "2-digit", minute: "2-digit", timeZone: status.dataset.timeZone || "Europe/Paris",
    });
    const words = (lost ? status.dataset.lost : status.dataset.fresh).replace("{time}", time);
    if (status.textContent !== words) status.textContent = words;
    status.classList.toggle("is-lost", lost);
    status.classList.toggle("is-frozen", frozen && !lost);
  }
}

function underTheHand(region) {
  const selection = document.getSelection();
  return (region.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"))
    || (selection && !selection.isCollapsed && region.contains(selection.anchorNode));
}

function put(region, next) {
  const openOnes = Array.from(region.querySelectorAll("details"), (one) => one.open);
  const place = Array.from(region.querySelectorAll(REACHABLE)).indexOf(document.activeElement);
  held.delete(region.id);
  region.className = next.className; // the level's colours are on the region itself
  region.replaceChildren(...next.childNodes);
  region.querySelectorAll("details").forEach((one, index) => { one.open = openOnes[index] ?? one.open; });
  if (place >= 0) region.querySelectorAll(REACHABLE)[place]?.focus({ preventScroll: true });
  window.htmx?.process(region);
}

function hold(region, next) {
  held.set(region.id, next);
  const bar = document.querySelector(`[data-live-bar="${CSS.escape(region.id)}"]`);
  if (!bar) return;
  const known = new Set(Array.from(region.children, (item) => item.id || item.textContent));
  const added = Array.from(next.children).filter((item) => !known.has(item.id || item.textContent)).length;
  const said = added === 0 ? bar.dataset.changed : added === 1 ? bar.dataset.one : bar.dataset.many;
  bar.textContent = (said || bar.dataset.many).replace("{count}", String(added));
  bar.hidden = false;
}

function release() {
  for (const [id, next] of held) {
    const region = document.getElementById(id);
    if (region && region.dataset.liveRegion !== "held" && !underTheHand(region)) put(region, next);
  }
}

function showsItAll() {
  return Array.from(held.keys()).every((id) => document.getElementById(id)?.dataset.liveRegion === "held");
}

function show(bar) {
  const region = document.getElementById(bar.dataset.liveBar);
  const next = held.get(bar.dataset.liveBar);
  if (region && next) put(region, next);
  bar.hidden = true;
  region?.querySelector("a, button, input")?.focus({ preventScroll: true });
}

function receive(html) {
  const next = new DOMParser().parseFromString(html, "text/html");
  for (const region of document.querySelectorAll("[data-live-region]")) {
    const fresh = next.getElementById(region.id);
    if (!fresh || words(fresh) === told.get(region.id)) continue;
    told.set(region.id, words(fresh));
    const keepStill = region.dataset.liveRegion === "held" || underTheHand(region);
    (keepStill ? hold : put)(region, document.adoptNode(fresh));
  }
  if (next.title) document.title = next.title;
  const icon = next.querySelector("link[rel='icon']");
  if (icon) document.querySelector("link[rel='icon']")?.setAttribute("href", icon.getAttribute("href"));
}

async function ask() {
  const answer = await fetch(page.dataset.live, {
    cache: "no-store",
    headers: { "X-Live": "1", ...(etag && { "If-None-Match": etag }) },
    signal: AbortSignal.timeout(8_000),
  });
  if (answer.status === 304) return;
  if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
  receive(await answer.text());
  etag = answer.headers.get("ETag") || "";
}

async function tick() {
  clearTimeout(timer);
  if (!frozen) {
    try {
      await ask();
      release();
      failures = 0;
      if (showsItAll()) freshAt = new Date(); // a region kept still under the hand keeps its old hour
    } catch {
      failures += 1; // network, server or session: the page says how old its data are
    }
    say();
  }
  timer = setTimeout(tick, document.hidden ? HIDDEN_MS : VISIBLE_MS);
}

// Another module showed an answer of the same page: what it said is no news any more.
document.addEventListener("rempart:shown", ({ detail }) => {
  for (const region of document.querySelectorAll("[data-live-region]")) {
    const fresh = detail.getElementById(region.id);
    if (fresh) told.set(region.id, words(fresh));
    held.delete(region.id);
  }
  for (const bar of document.querySelectorAll("[data-live-bar]")) bar.hidden = true;
});

if (page) {
  say();
  timer = setTimeout(tick, VISIBLE_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
  window.addEventListener("online", tick);
  document.addEventListener("click", (event) => {
    const bar = event.target.closest("[data-live-bar]");
    if (bar) show(bar);
    const freeze = event.target.closest("[data-live-freeze]");
    if (!freeze) return;
    frozen = !frozen;
    freeze.setAttribute("aria-pressed", String(frozen));
    say();
    if (!frozen) tick();
  });
}
