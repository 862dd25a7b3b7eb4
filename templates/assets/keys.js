// Keys. One listener; whoever binds last is asked first, so a page module overrides the house keys.

const bound = new Map();
let leader = 0;

/** Whether an input method is composing: then no key is ours. */
export const composing = (e) => e.isComposing || e.keyCode === 229;

/** Whether keys typed there are text. Radio buttons, ticks and buttons take no text. */
export const isField = (el) =>
  Boolean(el?.closest?.("input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=file]), textarea, select, [contenteditable]"));

/** The name of a key press: "j", "?", "1", "enter", "ctrl+k". Ctrl and ⌘ are one. */
export const keyName = (e) => (e.ctrlKey || e.metaKey ? "ctrl+" : "") + (e.altKey ? "alt+" : "") + e.key.toLowerCase();

/** Binds a key. `run(event)` may return false to pass the key on. `fields`: also while typing in a field. */
export function bind(key, run, { fields = false } = {}) {
  const entry = { run, fields };
  bound.set(key, [entry, ...(bound.get(key) ?? [])]);
  return () => bound.set(key, bound.get(key).filter((other) => other !== entry));
}

/** Clicks a button or link, focuses a field; says whether there was one to be seen. */
export function press(selector) {
  const el = [...document.querySelectorAll(selector)].find((candidate) => candidate.checkVisibility?.() ?? true);
  if (!el) return false;
  if (isField(el)) {
    el.focus();
    el.select?.();
  } else el.click();
  return true;
}

function go(letter) {
  const link = [...document.querySelectorAll("[data-go]")].find((a) => a.dataset.go.toLowerCase() === letter);
  if (link) location.assign(link.href);
  return Boolean(link);
}

document.addEventListener("keydown", (e) => {
  if (composing(e) || e.defaultPrevented || e.key === undefined) return;
  const name = keyName(e);
  const typing = isField(e.target);
  const modal = document.querySelector("dialog[open]");
  if (!typing && !modal && Date.now() - leader < 1500 && go(name)) {
    leader = 0;
    return e.preventDefault();
  }
  leader = !typing && name === "g" ? Date.now() : 0;
  for (const { run, fields } of bound.get(name) ?? []) {
    if ((typing && !fields) || (modal && !fields)) continue;
    if (run(e) !== false) return e.preventDefault();
  }
  // Any button or link may name its own key: data-key="n".
  if (!typing && !modal && /^[a-z0-9[\]]$/.test(name) && press(`[data-key="${CSS.escape(name)}"]`)) e.preventDefault();
});
