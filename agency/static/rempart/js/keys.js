// Keyboard first. Single-letter keys can be switched off (WCAG 2.1.4) and never fire while one is writing.
//   [data-key="e"]            a button or link that the key presses, a field that the key enters
//   [data-keys-list]          a list whose [data-keys-item] are walked with j and k, ticked with x, opened with Enter
//   [data-keys-switch]        the button that turns the keys off and on: kept on the person, where the dialog of the keys
//                             says whose they are (data-keys, data-keys-url), else in this browser
//   <dialog id="keys-help">   shown by ?          <dialog id="palette">   shown by Ctrl+K
const WRITING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

const kept = document.querySelector("[data-keys-url]");
let on = kept ? kept.dataset.keys !== "off" : true;
try {
  if (!kept) on = localStorage.getItem("keys") !== "off";
} catch {
  // storage closed: the keys stay on for this page
}

function tellSwitches() {
  for (const button of document.querySelectorAll("[data-keys-switch]")) {
    button.textContent = on ? button.dataset.switchOff : button.dataset.switchOn;
  }
}

function turn() {
  on = !on;
  try {
    if (kept) {
      const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
      const body = new URLSearchParams({ keys: on ? "on" : "off" });
      fetch(kept.dataset.keysUrl, { method: "POST", body, headers: { "X-CSRFToken": token }, keepalive: true });
    } else localStorage.setItem("keys", on ? "on" : "off");
  } catch {
    // not remembered
  }
  tellSwitches();
}

function items() {
  return Array.from(document.querySelectorAll("[data-keys-list] [data-keys-item]:not([hidden])"));
}

function walk(step) {
  const all = items();
  if (!all.length) return;
  const now = all.findIndex((item) => item.contains(document.activeElement) || item.classList.contains("is-current"));
  const next = all[Math.min(all.length - 1, Math.max(0, now === -1 ? 0 : now + step))];
  for (const item of all) item.classList.toggle("is-current", item === next);
  (next.querySelector("a[href]") || next).focus();
  next.scrollIntoView({ block: "nearest" });
}

function tick() {
  const current = items().find((item) => item.contains(document.activeElement) || item.classList.contains("is-current"));
  current?.querySelector("input[type=checkbox]")?.click();
}

function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return false;
  dialog.showModal();
  dialog.querySelector("input, button, a")?.focus();
  dialog.dispatchEvent(new Event("rempart:opened"));
  return true;
}

function press(key) {
  const scope = document.querySelector("dialog[open]") || document;
  const target = Array.from(scope.querySelectorAll("[data-key]")).find((one) => one.dataset.key === key);
  if (!target || target.disabled) return false;
  if (target.matches(WRITING)) {
    target.focus();
    target.select?.();
  } else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && open("palette")) event.preventDefault();
  if (event.key === "Escape" && event.target.closest(WRITING) && !document.querySelector("dialog[open]")) {
    event.target.blur();
    return items().find((item) => item.classList.contains("is-current"))?.querySelector("a[href]")?.focus();
  }
  if (!on || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(WRITING)) return;
  if (!document.querySelector("dialog[open]")) {
    if (event.key === "j" || event.key === "k") return walk(event.key === "j" ? 1 : -1);
    if (event.key === "x" && items().length) return tick();
    if (event.key === "?" && open("keys-help")) return event.preventDefault();
  }
  if (event.key.length === 1 && press(event.key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-switch]")) turn();
  const opener = event.target.closest("[data-opens]");
  if (opener) open(opener.dataset.opens);
});

tellSwitches();
