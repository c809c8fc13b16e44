// Undo beats confirm. After a gesture the server answers with the event "rempart:undo" (HX-Trigger: text, url), or the
// page arrives with a .toast already in it. The toast stays until it is used or closed; z undoes.
const template = document.getElementById("toast");

function showToast({ text, url }) {
  document.querySelector(".toast")?.remove();
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-toast-text]").textContent = text;
  const form = toast.querySelector("form");
  if (url) form.action = url;
  else form.remove();
  document.body.append(toast);
}

document.addEventListener("rempart:undo", (event) => { if (template) showToast(event.detail); });
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-toast-close]")) event.target.closest(".toast").remove();
});
