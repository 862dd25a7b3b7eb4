// Ctrl-K: find anything. The server answers /palette?q= with <li role="presentation"><a role="option" href tabindex="-1">…</a></li> lines;
// pages of the navigation are found here, so the list never starts empty.
import { bind, composing } from "./keys.js";

/** Wires the palette of base.html. */
export function palette() {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const hits = dialog.querySelector(".hits");
  const pages = [...hits.children];
  let asked = null;
  let timer = 0;

  const options = () => [...hits.querySelectorAll("[role=option]")];
  function choose(option) {
    for (const other of options()) other.setAttribute("aria-selected", other === option);
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.id ||= "hit-" + options().indexOf(option);
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  function show(html, q) {
    const found = document.createElement("template");
    found.innerHTML = html;
    hits.replaceChildren(found.content, ...pages.filter((li) => li.textContent.toLowerCase().includes(q.toLowerCase())));
    for (const option of options()) option.removeAttribute("id");
    choose(options()[0]);
  }
  async function ask() {
    const q = input.value.trim();
    asked?.abort();
    if (!q) return show("", "");
    asked = new AbortController();
    try {
      const answer = await fetch(`${dialog.dataset.src}?q=${encodeURIComponent(q)}`, { signal: asked.signal, headers: { "X-Partial": "1" } });
      show(answer.ok ? await answer.text() : "", q);
    } catch (error) {
      if (error.name !== "AbortError") show("", q);
    }
  }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, 90);
  }

  input.addEventListener("input", (e) => e.isComposing || later());
  input.addEventListener("compositionend", later);
  input.addEventListener("keydown", (e) => {
    if (composing(e)) return;
    const list = options();
    const at = list.findIndex((option) => option.ariaSelected === "true");
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      choose(list[(at + (e.key === "ArrowDown" ? 1 : -1) + list.length) % list.length]);
    } else if (e.key === "Enter") {
      e.preventDefault();
      list[at]?.click();
    }
  });
  hits.addEventListener("pointermove", (e) => choose(e.target.closest("[role=option]")));
  bind("ctrl+k", () => {
    if (dialog.open) return dialog.close();
    dialog.showModal();
    input.select();
    choose(options()[0]);
  }, { fields: true });
}
