// <a data-swap="#list"> replaces that element with its like in the answer, a fragment or a page; else the page is opened.
// <div id data-poll="/jobs/7" data-every="1000"> is asked for again until there is no more of it.
import { call } from "./server.js";
import { toast } from "./toast.js";

/** Replaces `target` by its like in `html`; false when the answer has none. */
function place(target, html, boot) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(target.id);
  if (!fresh) return false;
  const focus = target.contains(document.activeElement) && document.activeElement.id;
  target.replaceWith(fresh);
  boot();
  if (focus) document.getElementById(focus)?.focus();
  return true;
}

/** Takes over links with data-swap. */
export function swaps(boot) {
  document.addEventListener("click", async (e) => {
    const link = e.target.closest("a[data-swap]");
    const target = link && document.querySelector(link.dataset.swap);
    if (!target || e.button || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    try {
      const answer = await call(link.href);
      if (answer.ok && place(target, await answer.text(), boot)) history.replaceState(null, "", link.href);
      else location.assign(link.href);
    } catch {
      toast(document.body.dataset.failed);
    }
  });
}

/** Follows every element with data-poll; after a failure it waits longer and goes on. */
export function poll(boot) {
  for (const el of document.querySelectorAll("[data-poll]:not([data-followed])")) {
    el.dataset.followed = "1";
    follow(el, Number(el.dataset.every), boot);
  }
}

function follow(el, wait, boot) {
  setTimeout(async () => {
    if (!el.isConnected) return;
    try {
      const answer = await call(el.dataset.poll);
      if (!answer.ok) throw answer;
      if (!place(el, await answer.text(), boot)) location.reload();
    } catch {
      follow(el, Math.min(wait * 2, 10000), boot);
    }
  }, wait);
}
