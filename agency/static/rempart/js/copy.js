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
