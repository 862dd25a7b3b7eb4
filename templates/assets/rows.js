// Rows of a table: J and K move, Enter opens, X ticks, E edits, C calls; a click on a row opens it.
import { bind } from "./keys.js";

const all = () => [...document.querySelectorAll("tr[data-href], [data-row]")].filter((row) => row.offsetParent !== null);
const current = () => document.querySelector("tr.cur, [data-row].cur");

function move(step) {
  const rows = all();
  if (!rows.length) return false;
  const at = rows.indexOf(current() ?? document.activeElement?.closest("tr, [data-row]"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  current()?.classList.remove("cur");
  next.classList.add("cur");
  if (next.tabIndex < 0) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const follow = (href) => (href ? void location.assign(href) : false);

/** Shows the bar of bulk actions while something is ticked, with how many. */
function count(form) {
  const ticked = form.querySelectorAll("[data-tick]:checked").length;
  for (const bar of form.querySelectorAll(".bulk")) bar.classList.toggle("on", ticked > 0);
  for (const sum of form.querySelectorAll("[data-ticked]")) sum.textContent = ticked;
  for (const box of form.querySelectorAll("[data-tick]")) box.closest("tr")?.setAttribute("aria-selected", box.checked);
}

/** Binds the row keys of the page. */
export function rows() {
  bind("j", () => move(1));
  bind("k", () => move(-1));
  bind("enter", (e) => (e.target.matches("tr, [data-row]") ? follow(e.target.dataset.href) : false));
  bind("e", () => follow(current()?.dataset.edit));
  bind("c", () => follow(current()?.dataset.call));
  bind("x", () => {
    const box = current()?.querySelector("[data-tick]");
    if (!box) return false;
    box.click();
  });
  document.addEventListener("change", (e) => {
    const form = e.target.form;
    if (!form || !e.target.matches("[data-tick], [data-tick-all]")) return;
    if (e.target.matches("[data-tick-all]")) for (const box of form.querySelectorAll("[data-tick]")) box.checked = e.target.checked;
    count(form);
  });
  document.addEventListener("click", (e) => {
    const row = e.target.closest?.("tr[data-href]");
    if (!row || e.target.closest("a, button, input, select, textarea, label, summary") || String(getSelection())) return;
    follow(row.dataset.href);
  });
}
