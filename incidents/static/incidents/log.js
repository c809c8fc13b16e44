// The line being written is kept in this browser until the log shows it: an ended session, a lost network or a closed
// tab lose nothing.
//   <form data-log="name of the draft" data-log-reads="URL that says how a line is understood">
//     [data-log-understood]  how the line is read so far
//     [data-log-state data-restored="…" data-offline="…"]  what became of the draft
//   <li data-token="…">      a line of the log that this person wrote: its draft is no longer needed
const form = document.querySelector("form[data-log]");
const FIELDS = ["text", "happened", "token"];
const KEPT_MS = 7 * 24 * 3_600_000;
const PAUSE_MS = 250;

function key() {
  return `log:${form.dataset.log}`;
}

function stored() {
  try {
    const draft = JSON.parse(localStorage.getItem(key()) || "null");
    return draft && Date.now() - draft.at < KEPT_MS ? draft : null;
  } catch {
    return null; // storage closed or broken: nothing to put back
  }
}

function forget() {
  try {
    localStorage.removeItem(key());
  } catch {
    // nothing was kept
  }
}

function keep() {
  const draft = { at: Date.now(), kind: new FormData(form).get("kind") };
  for (const name of FIELDS) draft[name] = form.elements[name].value;
  if (!draft.text.trim() && !draft.happened.trim()) return forget();
  try {
    localStorage.setItem(key(), JSON.stringify(draft));
  } catch {
    // storage closed or full: the line lives in the page only
  }
}

function say(words) {
  form.querySelector("[data-log-state]").textContent = words || "";
}

function putBack() {
  const draft = stored();
  if (!draft) return forget();
  if (document.querySelector(`[data-token="${CSS.escape(draft.token)}"]`)) return forget();
  if (form.elements.text.value) return keep(); // refused by the server: it came back with what was typed
  for (const name of FIELDS) form.elements[name].value = draft[name];
  const kind = form.querySelector(`[name="kind"][value="${CSS.escape(draft.kind || "")}"]`);
  if (kind) kind.checked = true;
  say(form.querySelector("[data-log-state]").dataset.restored);
  ask();
}

let timer = 0;
let asked = 0;

async function ask() {
  const place = form.querySelector("[data-log-understood]");
  const mine = ++asked;
  const address = new URL(form.dataset.logReads, location.href);
  address.searchParams.set("text", form.elements.text.value);
  try {
    const answer = form.elements.text.value.trim()
      ? await fetch(address, { signal: AbortSignal.timeout(4_000) })
      : new Response("");
    if (!answer.ok || answer.redirected || mine !== asked) return;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine === asked) place.replaceChildren(...read.body.childNodes);
  } catch {
    if (mine === asked) place.textContent = ""; // nothing is claimed of a line that nobody could read
  }
}

function typed() {
  keep();
  say("");
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS);
}

function send(event) {
  keep();
  if (!navigator.onLine) {
    event.preventDefault();
    return say(form.querySelector("[data-log-state]").dataset.offline);
  }
  const button = form.querySelector("button[type=submit]");
  setTimeout(() => { button.disabled = true; }); // once it is on its way, a second click is not a second line
  setTimeout(() => { button.disabled = false; }, 8_000); // the network may never answer
}

if (form) {
  putBack();
  form.addEventListener("input", typed);
  form.addEventListener("submit", send);
  form.addEventListener("change", (event) => { if (event.target.name === "kind") form.elements.text.focus(); });
  window.addEventListener("pageshow", () => { form.querySelector("button[type=submit]").disabled = false; });
}
