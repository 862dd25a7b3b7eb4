// What is being typed: kept in this browser at every stroke, and on the server a moment later. Says honestly which.

const PLACE = "canvass-draft:";
const csrf = () => document.querySelector("meta[name=csrf]")?.content ?? "";
const pairs = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrf" && typeof value === "string" && value !== "");

/** The fields of a form as a urlencoded text, without its token. */
export const bodyOf = (form, more = {}) => new URLSearchParams([...pairs(form), ...Object.entries(more)]).toString();

function fill(form, values) {
  const named = new Map();
  for (const [name, value] of values) named.set(name, [...(named.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || ["csrf", "started", "then"].includes(field.name) || field.type === "hidden") continue;
    const given = named.get(field.name) ?? [];
    if (["radio", "checkbox"].includes(field.type)) field.checked = given.includes(field.value);
    else field.value = given[0] ?? "";
  }
}

/** Keeps the form of a lease. `tell(state, time)`: "local", "saved" or "offline"; `changed(answer)`: what the server foretells. */
export function draft(form, { tell, changed, lost }) {
  const place = PLACE + form.dataset.token;
  const url = `/call/${form.dataset.token}/draft`;
  let timer = 0;
  let stopped = false;
  let dirty = false;

  const local = () => localStorage.setItem(place, JSON.stringify({ at: Date.now(), values: pairs(form) }));
  async function put(keepalive = false) {
    clearTimeout(timer);
    if (stopped) return;
    dirty = false;
    try {
      const answer = await fetch(url, { method: "PUT", keepalive, body: bodyOf(form), headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Partial": "1", "X-CSRF": csrf() } });
      if (answer.status === 409 || answer.status === 404) return lost(await answer.text());
      if (!answer.ok) throw new Error(answer.statusText);
      const said = await answer.json();
      if (dirty || stopped) return;
      localStorage.removeItem(place);
      tell("saved", said.at);
      changed(said);
    } catch {
      if (stopped) return;
      dirty = true;
      tell("offline");
      timer = setTimeout(put, 5000);
    }
  }
  function note() {
    if (stopped) return;
    dirty = true;
    local();
    tell("local");
    clearTimeout(timer);
    timer = setTimeout(put, 500);
  }

  form.ownerDocument.addEventListener("input", (e) => e.target.form === form && note());
  form.ownerDocument.addEventListener("change", (e) => e.target.form === form && note());
  addEventListener("pagehide", () => dirty && put(true));
  addEventListener("online", () => dirty && put());

  // What this browser kept and the server has not answered is newer than what the server drew.
  const before = JSON.parse(localStorage.getItem(place) ?? "null");
  if (before) {
    fill(form, before.values);
    note();
  }
  return {
    note,
    /** Stops; `forget` also drops what this browser kept. */
    stop(forget) {
      stopped = true;
      clearTimeout(timer);
      if (forget) localStorage.removeItem(place);
    },
    resume() {
      stopped = false;
      note();
    },
  };
}
