// <span class="veil"><label><input type="checkbox" data-veil></label>… <span class="insult" aria-hidden="true">…</span></span>
// The blur itself is CSS and needs no script; here, what was asked for is read aloud too.
document.addEventListener("change", (event) => {
  const asked = event.target.closest("[data-veil]");
  const words = asked?.closest(".veil").querySelectorAll(".insult") ?? [];
  for (const word of words) asked.checked ? word.removeAttribute("aria-hidden") : word.setAttribute("aria-hidden", "true");
});
