// <form data-take> asks the server for the words, filled in and noted there, and copies what it answers
// <button data-copy="id of what is copied" data-copied="Copié" data-copy-log="URL noting who copied, when and for what">
async function write(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy"); // plain http on a local network has no other way
  area.remove();
  if (!done) throw new Error("copy refused");
}

function note(url) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const label = button.querySelector("[data-copy-label]") || button;
  const before = label.textContent;
  try {
    await write(source.value ?? source.textContent.trim());
    if (button.dataset.copyLog) note(button.dataset.copyLog);
    label.textContent = button.dataset.copied;
  } catch {
    label.textContent = button.dataset.refused || before;
  }
  setTimeout(() => { label.textContent = before; }, 4_000);
});

async function take(form) {
  const said = form.querySelector("[data-take-said]");
  const shown = form.querySelector("[data-take-text]");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  if (answer.redirected) return location.assign(answer.url); // the session ended: sign in, and come back
  const told = await answer.json();
  said.textContent = told.refusal || told.said;
  if (told.refusal) return form.querySelector("input:invalid, input:placeholder-shown, input:not([type=hidden])")?.focus();
  try {
    await write(told.text);
    shown.hidden = true;
  } catch {
    said.textContent = form.dataset.refused;
    Object.assign(shown, { value: told.text, hidden: false });
    shown.select();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-take]");
  if (!form) return;
  event.preventDefault();
  take(form).catch(() => { form.querySelector("[data-take-said]").textContent = form.dataset.lost; });
});
