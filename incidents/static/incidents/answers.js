// The questions of severity by keyboard. One key takes what the reading proposes; 1, 2 and 3 answer the next question
// that has none. Once all are answered the hand is on the button that confirms: Enter decides. Nothing is sent before.
//   <form data-answers>
//     <p data-take hidden> <button> … <span data-taken data-words="…">
//     <fieldset> <input type="radio" name="…" data-proposed>      the proposed answer of a question
const form = document.querySelector("form[data-answers]");

function questions() {
  const names = new Set(Array.from(form.querySelectorAll("[type=radio]"), (radio) => radio.name));
  return Array.from(names, (name) => Array.from(form.querySelectorAll(`[type=radio][name="${CSS.escape(name)}"]`)));
}

function isAnswered(radios) {
  return radios.some((radio) => radio.checked);
}

// The keys 1, 2 and 3 belong to the next question without an answer: keys.js presses whatever carries them.
function giveKeys() {
  const next = questions().find((radios) => !isAnswered(radios));
  for (const radio of form.querySelectorAll("[type=radio][data-key]")) delete radio.dataset.key;
  (next || []).forEach((radio, place) => { radio.dataset.key = String(place + 1); });
  return next;
}

function answered(next) {
  const status = form.querySelector("[data-taken]");
  status.textContent = next ? "" : status.dataset.words;
  if (next) next[0].scrollIntoView({ block: "center" });
  else form.querySelector("button[type=submit]").focus();
}

function take() {
  for (const radios of questions()) {
    if (!isAnswered(radios)) radios.find((radio) => "proposed" in radio.dataset)?.click();
  }
  answered(giveKeys());
}

if (form) {
  form.querySelector("[data-take]").hidden = false;
  form.querySelector("[data-take] button").addEventListener("click", take);
  form.addEventListener("change", (event) => {
    if (event.target.type === "radio") giveKeys();
  });
  // A click that no hand made is a key's: on to the next question. The mouse and the arrows stay where they are.
  form.addEventListener("click", (event) => {
    if (!event.isTrusted && event.target.type === "radio") answered(giveKeys());
  });
  giveKeys();
}
