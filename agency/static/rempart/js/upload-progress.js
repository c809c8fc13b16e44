// <form data-upload-progress> … <progress hidden max="100"> <p role="status" data-sent="Envoi : {percent} sur 100" data-reading="Lecture du fichier…">
// Without this module the form still works: the browser sends it and waits.
function send(form) {
  const bar = form.querySelector("progress");
  const status = form.querySelector("[role=status]");
  const request = new XMLHttpRequest();
  const button = form.querySelector("[type=submit]");
  bar.hidden = false;
  button.disabled = true;
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = total ? (100 * loaded) / total : 0;
    const sent = loaded >= total;
    status.textContent = sent ? status.dataset.reading : status.dataset.sent.replace("{percent}", String(Math.round(bar.value)));
    if (sent) bar.removeAttribute("value");
  });
  request.addEventListener("load", () => {
    const next = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = next.querySelector("main");
    if (!main) return window.location.reload();
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.title = next.title;
    window.history.replaceState(null, "", request.responseURL);
    main.focus();
  });
  request.addEventListener("error", () => {
    bar.hidden = true;
    button.disabled = false;
    status.textContent = status.dataset.lost;
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-upload-progress]")) return;
  event.preventDefault();
  send(event.target);
});
