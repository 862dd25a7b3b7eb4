// Entry of every page. Pages work without scripts; these modules only make it quicker.
import { bind, press } from "./keys.js";
import { rows } from "./rows.js";
import { palette } from "./palette.js";
import { armToasts } from "./toast.js";
import { swaps, poll } from "./swap.js";
import { asking } from "./confirm.js";

document.documentElement.classList.add("js");

/** Wires what a fragment brings along; called again after every swap. */
function boot() {
  armToasts();
  poll(boot);
  for (const field of document.querySelectorAll("[data-submit-on-change]")) field.onchange = () => field.form.requestSubmit();
}

asking();
swaps(boot);
rows();
palette();
boot();

// A form is sent once, however often it is clicked.
document.addEventListener("submit", (e) => {
  if (e.defaultPrevented || e.target.method !== "post") return;
  if (e.target.dataset.sent) return e.preventDefault();
  e.target.dataset.sent = "1";
  e.submitter?.classList.add("busy");
});
addEventListener("pageshow", () => {
  for (const el of document.querySelectorAll("[data-sent], .busy")) {
    delete el.dataset.sent;
    el.classList.remove("busy");
  }
});

// A file field says what was chosen, or dropped on it.
document.addEventListener("change", (e) => {
  const zone = e.target.closest("[data-drop]");
  const file = zone && e.target.files[0];
  zone?.classList.toggle("full", Boolean(file));
  if (file) zone.querySelector("[data-drop-name]").textContent = `${file.name} · ${Math.ceil(file.size / 1e3)} kB`;
});

// <a data-open="help"> opens that dialog; a click on its backdrop closes it.
document.addEventListener("click", (e) => {
  const opener = e.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog && !(e.ctrlKey || e.metaKey)) {
    e.preventDefault();
    opener.closest("[popover]")?.hidePopover();
    dialog.showModal();
  } else if (e.target.tagName === "DIALOG") e.target.close();
});

bind("?", () => document.getElementById("help")?.showModal());
bind("/", () => press("[data-search], .filters [type=search]") || document.getElementById("palette")?.showModal());
bind("ctrl+enter", () => press("[data-key='ctrl+enter']"), { fields: true });
