// What is being typed: kept in this browser at every stroke, on the server a moment later.
import { call } from "./server.js";

const pairs = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrf" && value !== "");

/** The fields of a form as a urlencoded text, without its token. */
export const bodyOf = (form, more = {}) => new URLSearchParams([...pairs(form), ...Object.entries(more)]).toString();

function fill(form, values) {
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "submit") continue;
    const given = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["radio", "checkbox"].includes(field.type)) field.checked = given.includes(field.value);
    else field.value = given[0] ?? "";
  }
}

/** Keeps the form of a lease. `tell(state, time)`: "local", "saved" or "offline"; `changed(answer)`: what the server foretells. */
export function draft(form, { tell, changed, lost }) {
  const place = "canvass-draft:" + form.dataset.token;
  let timer = 0;
  let stopped = false;
  let dirty = false;

  async function put(keepalive = false) {
    clearTimeout(timer);
    if (stopped) return;
    dirty = false;
    try {
      const answer = await call(`/call/${form.dataset.token}/draft`, { method: "PUT", keepalive, body: new URLSearchParams(pairs(form)) });
      if (answer.status === 409 || answer.status === 404) return lost(await answer.text());
      if (!answer.ok) throw answer;
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
    localStorage.setItem(place, JSON.stringify(pairs(form)));
    tell("local");
    clearTimeout(timer);
    timer = setTimeout(put, 500);
  }

  for (const kind of ["input", "change"]) document.addEventListener(kind, (e) => e.target.form === form && note());
  addEventListener("pagehide", () => dirty && put(true));
  addEventListener("online", () => dirty && put());

  // What this browser kept and the server has not answered is newer than what the server drew.
  const before = localStorage.getItem(place);
  if (before) {
    fill(form, JSON.parse(before));
    note();
  }
  return {
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
