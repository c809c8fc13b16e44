// Ctrl+K: go to a room, a view, an incident, a client by a few of its letters. What it offers is asked when it opens.
//   <dialog id="palette" data-palette="URL"> with [data-palette-filter] and [data-palette-list]
const dialog = document.getElementById("palette");
const filter = dialog?.querySelector("[data-palette-filter]");
const list = dialog?.querySelector("[data-palette-list]");

const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const links = () => Array.from(list.querySelectorAll("li:not([hidden]) a"));

function narrow() {
  const words = bare(filter.value).split(/\s+/).filter(Boolean);
  for (const item of list.querySelectorAll("li")) {
    const text = bare(item.textContent);
    item.hidden = !words.every((word) => text.includes(word));
  }
  for (const group of list.querySelectorAll("section")) group.hidden = !group.querySelector("li:not([hidden])");
  dialog.querySelector("[data-palette-none]").hidden = links().length > 0;
}

async function fill() {
  try {
    const answer = await fetch(dialog.dataset.palette, { signal: AbortSignal.timeout(8_000) });
    if (!answer.ok || answer.redirected) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...page.body.childNodes);
  } catch {
    // what was there stays
  }
  narrow();
}

function step(by) {
  const all = links();
  const place = all.indexOf(document.activeElement) + by;
  (all[place] || filter).focus();
}

dialog?.addEventListener("rempart:opened", () => {
  filter.value = "";
  filter.focus();
  fill();
});
filter?.addEventListener("input", narrow);
dialog?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "Enter" && event.target === filter) links()[0]?.click();
  else return;
  event.preventDefault();
});
