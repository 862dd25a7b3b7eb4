// Rows of a table: J and K move, Enter opens, E edits, C calls; a click on a row opens it, one box ticks them all.
import { bind } from "./keys.js";

const current = () => document.querySelector("tr.cur");

function move(step) {
  const rows = [...document.querySelectorAll("tr[data-href]")].filter((row) => row.offsetParent);
  if (!rows.length) return false;
  const at = rows.indexOf(current() ?? document.activeElement.closest("tr"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  current()?.classList.remove("cur");
  next.classList.add("cur");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const follow = (href) => (href ? void location.assign(href) : false);

/** Binds the row keys of the page. */
export function rows() {
  bind("j", () => move(1));
  bind("k", () => move(-1));
  bind("enter", (e) => follow(e.target.matches("tr") && e.target.dataset.href));
  bind("e", () => follow(current()?.dataset.edit));
  bind("c", () => follow(current()?.dataset.call));
  for (const all of document.querySelectorAll("[data-all]")) {
    all.closest("label").hidden = false;
    all.onchange = () => document.getElementsByName(all.dataset.all).forEach((box) => (box.checked = all.checked));
  }
  document.addEventListener("click", (e) => {
    const row = e.target.closest("tr[data-href]");
    if (row && !e.target.closest("a, button, input, select, textarea, label, summary") && !String(getSelection())) follow(row.dataset.href);
  });
}
