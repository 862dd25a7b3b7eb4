// A letter is shown while it is written: what stands in the form goes into the frame beside it, a moment after the last key.
const form = document.getElementById("letter");
const look = document.getElementById("look");
let wait = 0;

/** Sends the form into the frame. */
function show() {
  form.requestSubmit(look);
}

function soon(after) {
  clearTimeout(wait);
  wait = setTimeout(show, after);
}

// A look is no sending: the form stays ready, and nobody has to be asked. It goes into a frame that has held nothing yet:
// in one that has, each look would be a step to go back through.
form.addEventListener("submit", (e) => {
  if (e.submitter !== look) return;
  e.stopPropagation();
  const frame = form.querySelector("iframe");
  const fresh = frame.cloneNode();
  fresh.removeAttribute("src");
  frame.replaceWith(fresh);
});
form.addEventListener("input", (e) => {
  if (e.isComposing) return;
  soon(e.target.matches("textarea, [type=text]") ? 700 : 0);
});
form.addEventListener("compositionend", () => soon(700));
// What came back with the form is in no version yet, so the frame is empty.
if (form.querySelector("iframe[data-typed]")) show();
