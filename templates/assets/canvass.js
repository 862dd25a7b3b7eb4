// Entry of every page. Pages read and post without scripts; these modules only make it quicker.
import { bind, press } from "./keys.js";
import { rows } from "./rows.js";
import { palette } from "./palette.js";
import { armToasts } from "./toast.js";
import { swaps, poll } from "./swap.js";
import { asking } from "./confirm.js";
import { dropzones } from "./drop.js";

document.documentElement.classList.add("js");

/** Wires what a fragment brings along; called again after every swap. */
function boot(root) {
  armToasts(root);
  poll(root, boot);
  dropzones(root);
  for (const field of root.querySelectorAll("[data-submit-on-change]")) field.onchange = () => field.form.requestSubmit();
}

asking();
swaps(boot);
rows();
palette();
boot(document);

// A form is sent once, however often it is clicked. Downloads say data-again.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (e.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
  if (form.dataset.sent) return e.preventDefault();
  form.dataset.sent = "1";
  e.submitter?.classList.add("busy");
});
addEventListener("pageshow", (e) => {
  if (!e.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".busy")) button.classList.remove("busy");
});

// <a data-open="help"> opens that dialog; a click on its backdrop closes it.
document.addEventListener("click", (e) => {
  const opener = e.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog && !(e.ctrlKey || e.metaKey)) {
    e.preventDefault();
    opener.closest("[popover]")?.hidePopover();
    dialog.showModal();
  } else if (e.target instanceof HTMLDialogElement) {
    e.target.close();
  }
});

bind("?", () => document.getElementById("help")?.showModal());
bind("/", () => press("[data-search], .filters [type=search]") || document.getElementById("palette")?.showModal());
bind("ctrl+enter", () => press("[data-key='ctrl+enter']"), { fields: true });
bind("escape", (e) => {
  if (!e.target.closest?.("dialog, [popover]")) document.activeElement?.blur();
  return false;
}, { fields: true });
