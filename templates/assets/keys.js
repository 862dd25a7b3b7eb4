// Whoever binds a key last is asked first, so a page overrides the house.

const bound = new Map();
let leader = 0;

/** Whether an input method composes: then no key is ours. */
export const composing = (e) => e.isComposing || e.keyCode === 229;

/** Whether keys typed there are text. */
export const isField = (el) => el.matches("input:not([type=radio], [type=checkbox], [type=file]), textarea, select");

/** Binds "j", "?", "enter", "ctrl+k" (or ⌘). `run(event)` may return false to pass the key on. `fields`: also while typing. */
export function bind(key, run, { fields = false } = {}) {
  bound.set(key, [{ run, fields }, ...(bound.get(key) ?? [])]);
}

/** Clicks a button or link, focuses a field; says whether there was one to be seen. */
export function press(selector) {
  const el = [...document.querySelectorAll(selector)].find((candidate) => candidate.checkVisibility());
  if (!el) return false;
  if (isField(el)) {
    el.focus();
    el.select?.();
  } else el.click();
  return true;
}

document.addEventListener("keydown", (e) => {
  if (composing(e) || e.defaultPrevented || !e.key) return;
  const name = (e.ctrlKey || e.metaKey ? "ctrl+" : "") + (e.altKey ? "alt+" : "") + e.key.toLowerCase();
  const busy = isField(e.target) || document.querySelector("dialog[open]");
  // G and a letter go to a page.
  const led = !busy && Date.now() - leader < 1500;
  leader = !busy && name === "g" ? Date.now() : 0;
  if (led && press(`[data-go="${CSS.escape(name.toUpperCase())}"]`)) return e.preventDefault();
  for (const { run, fields } of bound.get(name) ?? []) {
    if ((!busy || fields) && run(e) !== false) return e.preventDefault();
  }
  // Any button or link may name its own key: data-key="n".
  if (!busy && /^[a-z0-9[\]]$/.test(name) && press(`[data-key="${CSS.escape(name)}"]`)) e.preventDefault();
});
