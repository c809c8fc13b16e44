// Two people at once: the page says which mention it shows, and is told who else is there and what they did since.
//   <div id="presence" data-presence="URL">   [data-looks-at][data-initials]   [data-changed="mention"] in its answer
const EVERY_MS = 10_000;
const strip = document.querySelector("[data-presence]");

const rows = () => Array.from(document.querySelectorAll("#mentions [data-keys-item]:not([hidden])"));

function mark() {
  for (const old of document.querySelectorAll("#mentions [data-mark]")) old.remove();
  const put = (id, words, name) => {
    const place = document.querySelector(`#m${CSS.escape(id)} .who`);
    if (!place) return;
    const note = Object.assign(document.createElement("span"), { textContent: words, className: name });
    note.dataset.mark = "";
    place.append(note);
    return note;
  };
  for (const one of strip.querySelectorAll("[data-looks-at]")) {
    const note = one.dataset.looksAt && put(one.dataset.looksAt, one.dataset.initials, "initials");
    if (note) note.title = one.textContent.trim();
  }
  for (const one of strip.querySelectorAll("[data-changed]")) put(one.dataset.changed, one.textContent, "tag");
}

async function ask() {
  if (document.hidden) return;
  const shown = document.querySelector("#mentions .is-current") || rows()[0];
  const given = new URLSearchParams({
    m: shown?.id.slice(1) || "",
    seen: document.querySelector("#mentions input[name=seen]")?.value || "",
    vus: rows().map((row) => row.id.slice(1)).join(","),
  });
  try {
    const answer = await fetch(`${strip.dataset.presence}?${given}`, { signal: AbortSignal.timeout(8_000) });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    strip.replaceChildren(...page.body.childNodes);
    mark();
  } catch {
    // the live module says that the connection is lost
  }
}

if (strip) {
  mark();
  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
}
