// The list to sort under the hand: what an act takes away goes at once, the server's answer follows.
//   <form data-sorting>          an act, an undo; #sort is on the mentions ticked, or on the row under the hand
//   [data-tick-all]              ticks the rows shown          [data-ticked]  says how many are
// Acts are sent one after the other, in their order. Without this module each form is sent as usual.
const LEAVES_THE_LIST = /\/(ecarter|attendre|rattacher|pas-a-nous|remettre)\/$/;
const main = document.querySelector("main");
let queue = Promise.resolve();
let waiting = 0;

const list = () => document.getElementById("mentions");
const rows = () => Array.from(list()?.querySelectorAll("[data-keys-item]:not([hidden])") || []);
const box = (row) => row.querySelector("input[name=mention]");
const ticked = () => rows().filter((row) => box(row)?.checked);
const current = () => rows().find((row) => row.classList.contains("is-current") || row.contains(document.activeElement)) || rows()[0];

function tell() {
  const count = ticked().length;
  for (const said of document.querySelectorAll("[data-ticked]")) {
    const words = count === 0 ? said.dataset.none : count === 1 ? said.dataset.one : said.dataset.many;
    said.textContent = words.replace("{count}", String(count));
  }
  for (const all of document.querySelectorAll("[data-tick-all]")) {
    all.hidden = false;
    all.checked = count > 0 && count === rows().length;
    all.indeterminate = count > 0 && !all.checked;
  }
}

function walkTo(row) {
  for (const one of rows()) one.classList.toggle("is-current", one === row);
  row?.querySelector("a[href]")?.focus({ preventScroll: false });
}

// The form as it would be sent, except that the act is on the row under the hand: the pane may lag behind it.
function filled(form, button) {
  const given = new FormData(form, button);
  if (form.id !== "sort" || given.has("whole") || ticked().length) return given;
  const row = current();
  if (row && given.get("current") !== box(row)?.value) {
    given.set("current", box(row).value);
    given.set("seen_current", given.get("seen") || "");
  }
  return given;
}

function takeAway(form, action, given) {
  if (form.id !== "sort") return;
  const touched = ticked().length ? ticked() : [current()].filter(Boolean);
  if (given.has("whole")) return; // the answer says what is left
  const label = form.querySelector(`button[name=intent][value="${CSS.escape(given.get("intent") || "")}"]`);
  for (const row of touched) {
    box(row).checked = false;
    row.classList.add("is-sent");
    if (label) row.querySelector(".role-mark")?.replaceChildren(label.lastChild.textContent.trim());
  }
  if (!LEAVES_THE_LIST.test(action)) return;
  const all = rows();
  const after = all.slice(all.indexOf(touched.at(-1)) + 1).concat(all.slice(0, all.indexOf(touched[0])).reverse());
  const next = after.find((row) => !touched.includes(row));
  for (const row of touched) {
    row.hidden = true;
    row.classList.remove("is-current");
  }
  walkTo(next);
}

function swap(id, page) {
  const here = document.getElementById(id);
  const fresh = page.getElementById(id);
  if (!here || !fresh) return;
  here.className = fresh.className;
  here.replaceChildren(...fresh.cloneNode(true).childNodes);
  window.htmx?.process(here);
}

// The rows that the server lists; those still here stay where they are, unless an undo brings some back between them.
function settle(page, isUndo) {
  const here = list();
  const fresh = page.getElementById("mentions");
  if (!here || !fresh) return;
  if (isUndo || !rows().length) {
    swap("mentions", page);
    here.hidden = fresh.hidden;
    return walkTo(rows().find((row) => row.classList.contains("is-current")) || rows()[0]);
  }
  for (const row of Array.from(here.children)) {
    const next = fresh.querySelector(`#${CSS.escape(row.id)}`);
    if (!next) row.remove();
    else if (row.matches(".is-sent")) {
      const replaced = row.classList.contains("is-current");
      row.replaceWith(next.cloneNode(true));
      document.getElementById(next.id).classList.toggle("is-current", replaced);
    }
  }
  const last = Array.from(fresh.children).findIndex((row) => row.id === here.lastElementChild?.id);
  if (last >= 0) here.append(...Array.from(fresh.children).slice(last + 1).map((row) => row.cloneNode(true)));
  if (!here.querySelector("input[name=seen]")) {
    const seen = fresh.querySelector("input[name=seen]"); // it came with the first row, which is gone
    if (seen) here.firstElementChild?.prepend(seen.cloneNode(true));
  }
  window.htmx?.process(here);
}

function show(html, isUndo) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!page.querySelector("main.desk")) return false;
  for (const id of ["views", "lately", "kept-lists"]) swap(id, page);
  if (waiting === 0) {
    settle(page, isUndo);
    if (!rows().length) swap("pane", page);
    document.dispatchEvent(new CustomEvent("rempart:shown", { detail: page }));
  }
  document.querySelector(".toast")?.remove();
  const toast = page.querySelector(".toast");
  if (toast) main.append(toast);
  tell();
  return true;
}

async function send(action, given, isUndo) {
  try {
    const headers = waiting > 1 && !isUndo ? { "X-Sorting": "more" } : {}; // the answer to the last one shows them all
    const answer = await fetch(action, { method: "POST", body: given, headers });
    waiting -= 1;
    if (answer.status === 204) return;
    if (!answer.ok || !show(await answer.text(), isUndo)) location.assign(answer.ok ? answer.url : location.href);
  } catch {
    waiting = Math.max(0, waiting - 1);
    for (const row of list()?.querySelectorAll(".is-sent") || []) {
      row.hidden = false;
      row.classList.remove("is-sent");
    }
    const lost = document.querySelector("[data-live-status]");
    if (lost) Object.assign(lost, { textContent: main.dataset.notSent || "" });
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-sorting]");
  if (!form) return;
  event.preventDefault();
  const action = event.submitter?.getAttribute("formaction") || form.getAttribute("action");
  const given = filled(form, event.submitter);
  takeAway(form, action, given);
  for (const whole of form.querySelectorAll("input[name=whole]")) whole.checked = false;
  waiting += 1;
  tell();
  if (document.activeElement?.matches("#until")) walkTo(current());
  queue = queue.then(() => send(action, given, form.id !== "sort"));
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) for (const row of rows()) box(row).checked = event.target.checked;
  if (event.target.matches("[data-tick-all], input[name=mention]")) tell();
});

tell();
