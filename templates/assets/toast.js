// What was done, for as long as Z can take it back.
import { bind } from "./keys.js";

/** Starts the clock of the newest toast; the others go. */
export function armToasts() {
  const toasts = [...document.querySelectorAll("[data-toast]")];
  for (const older of toasts.slice(0, -1)) older.remove();
  const made = toasts.at(-1);
  if (!made || made.dataset.armed) return;
  made.dataset.armed = "1";
  const face = made.querySelector("[data-left]");
  const end = Date.now() + 1000 * (face.dataset.left || 8);
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) made.remove();
    if (!made.isConnected) return;
    if (face.dataset.left) face.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    setTimeout(tick, 500);
  };
  tick();
}

/** Shows a sentence for some seconds. */
export function toast(text) {
  const made = document.getElementById("toast-shape").content.cloneNode(true).firstElementChild;
  made.querySelector("span").textContent = text;
  document.body.append(made);
  armToasts();
}

bind("z", () => {
  const button = document.querySelector("[data-toast] [data-undo]");
  if (!button) return false;
  button.form.requestSubmit(button);
});
