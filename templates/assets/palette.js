// Ctrl-K: find anything. Companies come from the server, pages of the navigation are found here.
import { bind, composing } from "./keys.js";
import { call } from "./server.js";

/** Wires the palette of base.html. */
export function palette() {
  const dialog = document.getElementById("palette");
  const input = dialog.querySelector("input");
  const hits = dialog.querySelector(".hits");
  const pages = [...hits.children];
  let asked = 0;
  let timer = 0;

  const options = () => [...hits.querySelectorAll("[role=option]")];
  function choose(option) {
    options().forEach((other, n) => {
      other.id = "hit-" + n;
      other.ariaSelected = other === option;
    });
    input.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }
  async function ask() {
    const mine = ++asked;
    const q = input.value.trim();
    const found = document.createElement("template");
    try {
      const answer = q && (await call(`${dialog.dataset.src}?q=${encodeURIComponent(q)}`));
      if (answer.ok) found.innerHTML = await answer.text();
    } catch { /* pages are still found */ }
    if (mine !== asked) return;
    hits.replaceChildren(found.content, ...pages.filter((li) => li.textContent.toLowerCase().includes(q.toLowerCase())));
    choose(options()[0]);
  }

  const later = (e) => {
    clearTimeout(timer);
    if (!e.isComposing) timer = setTimeout(ask, 90);
  };

  input.addEventListener("input", later);
  input.addEventListener("compositionend", later);
  input.addEventListener("keydown", (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 0 }[e.key];
    if (composing(e) || step === undefined) return;
    e.preventDefault();
    const list = options();
    const at = list.findIndex((option) => option.ariaSelected === "true");
    if (step) choose(list[(at + step + list.length) % list.length]);
    else list[at]?.click();
  });
  bind("ctrl+k", () => {
    if (dialog.open) return dialog.close();
    dialog.showModal();
    input.select();
    choose(options()[0]);
  }, { fields: true });
}
