// The report being written: its outputs follow the typing, and the words are kept in this browser until they are sent.
//   <form data-compose="name of the draft" data-compose-look="URL that answers the outputs" data-compose-issued="tokens sent">
//     [data-compose-state data-restored="…" data-offline="…" data-lost="…"]  what became of the draft
//     [data-proposed="field"]        says that the field's words are proposed; goes once they are changed
//     [data-compose-without-script]  the button that shows the outputs where this file does not run
//   [data-compose-shown]             where the outputs stand
const form = document.querySelector("form[data-compose]");
const shown = document.querySelector("[data-compose-shown]");
const TEXTS = ["bottom_line", "expected", "done", "do_not", "token", "after"];
const KEPT_MS = 7 * 24 * 3_600_000;
const HOUR_KEPT_MS = 10 * 60_000; // an hour announced longer ago would be tomorrow's
const PAUSE_MS = 300;

function key() {
  return `report:${form.dataset.compose}`;
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
  const draft = { at: Date.now(), next_hour: form.elements.next_hour.value, is_last: form.elements.is_last.checked };
  for (const name of TEXTS) draft[name] = form.elements[name].value;
  draft.contacts = new FormData(form).getAll("contacts");
  try {
    localStorage.setItem(key(), JSON.stringify(draft));
  } catch {
    // storage closed or full: the report lives in the page only
  }
}

function say(words) {
  const place = form.querySelector("[data-compose-state]");
  if (place.textContent !== (words || "")) place.textContent = words || "";
}

function state() {
  return form.querySelector("[data-compose-state]").dataset;
}

function putBack() {
  if ("composeBound" in form.dataset) return keep(); // refused by the server: it came back with what was typed
  const draft = stored();
  if (!draft || form.dataset.composeIssued.split(" ").includes(draft.token)) return forget();
  for (const name of TEXTS) form.elements[name].value = draft[name] ?? "";
  form.elements.is_last.checked = draft.is_last;
  if (Date.now() - draft.at < HOUR_KEPT_MS) form.elements.next_hour.value = draft.next_hour;
  for (const box of form.querySelectorAll('[name="contacts"]')) box.checked = draft.contacts.includes(box.value);
  for (const words of form.querySelectorAll("[data-proposed]")) words.hidden = true;
  say(state().restored);
  look();
}

let timer = 0;
let asked = 0;

async function look() {
  const mine = ++asked;
  try {
    const answer = await fetch(form.dataset.composeLook, {
      method: "POST", body: new FormData(form), signal: AbortSignal.timeout(6_000),
    });
    if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`); // the session may have ended
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    shown.replaceChildren(...read.body.childNodes);
    say("");
  } catch {
    if (mine === asked) say(navigator.onLine ? state().lost : state().offline);
  }
}

function typed(event) {
  keep();
  const proposed = form.querySelector(`[data-proposed="${CSS.escape(event.target.name || "")}"]`);
  if (proposed) proposed.hidden = true;
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE_MS);
}

function send(event) {
  keep();
  if (!navigator.onLine) {
    event.preventDefault();
    return say(state().offline);
  }
  const button = form.querySelector("button[type=submit]");
  setTimeout(() => { button.disabled = true; }); // on its way: a second click is not a second report
  setTimeout(() => { button.disabled = false; }, 8_000); // the network may never answer
}

if (form) {
  form.querySelector("[data-compose-without-script]").hidden = true;
  putBack();
  form.addEventListener("input", typed);
  form.addEventListener("submit", send);
  window.addEventListener("pageshow", () => { form.querySelector("button[type=submit]").disabled = false; });
}
