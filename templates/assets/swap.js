// Partial pages: <form data-swap="#list"> or <a data-swap="#list"> replaces that element with the one of the same id
// in the answer. The answer may be the fragment (we ask with X-Partial: 1) or the whole page; a page without the
// element is simply opened. <div id data-poll="/jobs/7" data-every="1000"> is asked for again until it says no more.
import { toast } from "./toast.js";

const csrf = () => document.querySelector("meta[name=csrf]")?.content ?? "";
const failed = () => toast(document.body.dataset.failed);

/** Replaces `target` by its like in `html`; false when the answer has none. */
function place(target, html, boot) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById(target.id);
  if (!fresh) return false;
  const focus = document.activeElement?.id;
  target.replaceWith(fresh);
  for (const note of page.querySelectorAll("[data-toast]")) document.body.append(note);
  const flash = page.querySelector(".flash");
  if (flash) {
    document.querySelector(".flash")?.remove();
    document.getElementById("main")?.prepend(flash);
  }
  boot(document);
  if (focus && document.activeElement === document.body) document.getElementById(focus)?.focus();
  return true;
}

async function send(url, init, target, boot, keepUrl) {
  target.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { ...init, headers: { ...init.headers, "X-Partial": "1", "X-CSRF": csrf() } });
    if (answer.status >= 500) return failed();
    if (!place(target, await answer.text(), boot)) location.assign(answer.url);
    else if (!keepUrl) history.replaceState(null, "", answer.url);
  } catch {
    failed();
  } finally {
    target.removeAttribute("aria-busy");
  }
}

/** Takes over forms and links with data-swap. */
export function swaps(boot) {
  document.addEventListener("submit", (e) => {
    const form = e.target;
    const target = form.dataset.swap && document.querySelector(form.dataset.swap);
    if (!target || e.defaultPrevented) return;
    e.preventDefault();
    const data = new FormData(form, e.submitter);
    const action = e.submitter?.hasAttribute("formaction") ? e.submitter.formAction : form.action;
    if (form.method !== "post") {
      const url = new URL(action);
      url.search = new URLSearchParams([...data].filter(([, value]) => value !== ""));
      return send(url, {}, target, boot, false);
    }
    const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
    send(action, { method: "POST", body }, target, boot, true);
  });
  document.addEventListener("click", (e) => {
    const link = e.target.closest?.("a[data-swap]");
    const target = link && document.querySelector(link.dataset.swap);
    if (!target || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    send(link.href, {}, target, boot, "still" in link.dataset);
  });
}

/** Follows every element with data-poll in `root`; after a failure it waits longer and goes on. */
export function poll(root, boot) {
  for (const el of root.querySelectorAll("[data-poll]:not([data-followed])")) {
    el.dataset.followed = "1";
    follow(el, Number(el.dataset.every || 1000), boot);
  }
}

function follow(el, wait, boot) {
  setTimeout(async () => {
    if (!el.isConnected) return;
    try {
      const answer = await fetch(el.dataset.poll, { headers: { "X-Partial": "1" } });
      if (!answer.ok) throw new Error(answer.statusText);
      if (!place(el, await answer.text(), boot)) location.reload();
    } catch {
      follow(el, Math.min(wait * 2, 10000), boot);
    }
  }, wait);
}
