// A picture that goes with the line being written: pasted with Ctrl+V anywhere in the form, or chosen; shown before it
// leaves. Without this module it is chosen as any file, and the server says the same limits.
//   <form data-log> <input type="file" name="picture">
//     <figure data-picture data-heavy="…" data-other="…" data-several="…" data-again="…"> <img> <button>
//     <span data-picture-state>   what became of it
const form = document.querySelector("form[data-log]");
const place = form?.querySelector("[data-picture]");
const TYPES = ["image/png", "image/jpeg", "image/webp"];
const MOST_BYTES = 5_000_000;

function field() {
  return form.elements.picture;
}

function say(words) {
  form.querySelector("[data-picture-state]").textContent = words || "";
}

// That a picture was there is kept in this tab (the picture itself is not): whoever comes back is told to add it again.
function remember(isThere) {
  try {
    if (isThere) sessionStorage.setItem(`picture:${form.dataset.log}`, form.elements.token.value);
    else sessionStorage.removeItem(`picture:${form.dataset.log}`);
  } catch {
    // storage closed
  }
}

function takeOff(words) {
  field().value = "";
  place.hidden = true;
  place.querySelector("img").removeAttribute("src");
  remember(false);
  say(words);
}

function show() {
  const [file] = field().files;
  if (!file) return takeOff("");
  if (!TYPES.includes(file.type)) return takeOff(place.dataset.other);
  if (file.size > MOST_BYTES) return takeOff(place.dataset.heavy);
  const reader = new FileReader(); // the page's policy lets "data:" be shown, and no "blob:"
  reader.addEventListener("load", () => {
    place.querySelector("img").src = reader.result;
    place.hidden = false;
  });
  reader.readAsDataURL(file);
  remember(true);
  say("");
}

function pasted(event) {
  const files = Array.from(event.clipboardData?.files || []);
  if (!files.length) return; // words are pasted as ever
  event.preventDefault();
  const chosen = new DataTransfer();
  chosen.items.add(files.find((file) => TYPES.includes(file.type)) || files[0]);
  field().files = chosen.files;
  show();
  if (files.length > 1 && !place.hidden) say(place.dataset.several);
}

function sayIfItWasLost() {
  try {
    const token = sessionStorage.getItem(`picture:${form.dataset.log}`);
    if (!token) return;
    remember(false);
    if (!document.querySelector(`[data-token="${CSS.escape(token)}"]`)) say(place.dataset.again);
  } catch {
    // storage closed: nothing was remembered
  }
}

if (place) {
  if (field().files.length) show(); // the browser came back with it
  else sayIfItWasLost();
  form.addEventListener("paste", pasted);
  field().addEventListener("change", show);
  place.querySelector("button").addEventListener("click", () => {
    takeOff("");
    form.elements.text.focus();
  });
}
