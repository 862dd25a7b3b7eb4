// Toasts that can be taken back: a clock runs, Z takes back.
import { bind } from "./keys.js";

const clock = (left) => `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;

/** Starts the clock of every toast in `root` that has none yet. */
export function armToasts(root) {
  for (const toast of root.querySelectorAll("[data-toast]:not([data-armed])")) arm(toast);
}

function arm(toast) {
  toast.dataset.armed = "1";
  for (const older of document.querySelectorAll("[data-toast]")) if (older !== toast) older.remove();
  const face = toast.querySelector("[data-left]");
  const end = Date.now() + 1000 * Number(face?.dataset.left || 8);
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (!toast.isConnected) return;
    if (left <= 0) return toast.remove();
    if (face?.dataset.left) face.textContent = clock(left);
    setTimeout(tick, 500);
  };
  tick();
}

/** Shows a toast; with `undo` (an address to POST to) it can be taken back for `seconds`. */
export function toast(text, { undo = "", seconds = 8 } = {}) {
  const made = document.getElementById("toast-shape").content.cloneNode(true).firstElementChild;
  made.querySelector("span").textContent = text;
  if (undo) {
    made.querySelector("form").action = undo;
    made.querySelector("[data-left]").dataset.left = seconds;
  } else made.querySelector("form").remove();
  document.body.append(made);
  arm(made);
  return made;
}

bind("z", () => {
  const button = document.querySelector("[data-toast] [data-undo]");
  if (!button) return false;
  button.form.requestSubmit(button);
});
