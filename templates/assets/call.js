// The call screen by keys alone. Without this file the form still saves.
import { bind, composing, isField, press } from "./keys.js";
import { bodyOf, draft } from "./draft.js";
import { drop, flush, keep, send, strand, waiting } from "./outbox.js";
import { script } from "./script.js";
import { call, post } from "./server.js";

const form = document.getElementById("result");
const { token, user } = form.dataset;
const $ = (id) => document.getElementById(id);
const say = (what, time = "") => form.dataset["say" + what[0].toUpperCase() + what.slice(1)].replace("%time", time);

const rest = $("rest");
const find = $("rest-find");
const chosen = () => form.querySelector("[name=disposition]:checked") ?? form.querySelector("[name=disposition]");

/** Chooses an outcome and goes to the first thing it asks for. */
function pick(radio) {
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  const needs = `.needs[data-for~=${radio.value}] input`;
  const first = form.querySelector(needs + ":checked") ?? form.querySelector(needs) ?? radio;
  first.focus();
  first.scrollIntoView({ block: "nearest" });
}
const callback = () => pick(form.querySelector("[value=callback]"));
for (const radio of form.querySelectorAll("[data-digit]")) bind(radio.dataset.digit, () => pick(radio));

// Of the other outcomes those are shown that have the letters.
function sift() {
  const asked = find.value.trim().toLowerCase();
  const options = [...rest.querySelectorAll(".opt")];
  for (const option of options) option.hidden = !(option.dataset.find + option.textContent).toLowerCase().includes(asked);
  const first = options.find((option) => !option.hidden);
  for (const option of options) option.classList.toggle("first", asked !== "" && option === first);
  return first?.querySelector("input");
}
find.hidden = false;
find.oninput = sift;
find.onkeydown = (e) => {
  if (composing(e) || e.key !== "Enter") return;
  e.preventDefault();
  const first = sift();
  find.value = "";
  sift();
  if (first) pick(first);
};
bind("0", () => {
  rest.open = true;
  find.value = "";
  sift();
  find.focus();
});
// Out of the field that is being typed into, so that the next digit counts.
bind("escape", ({ target }) => (isField(target) ? target.blur() : false), { fields: true });
bind("b", callback);
bind("n", () => press("#call-note"));
bind("u", () => (form.querySelector("[name=urgency]:checked") ?? document.querySelector("[name=urgency]")).focus());
bind("m", () => press("#gaps .gap :is(input, select)"));
bind("?", () => $("call-keys").showModal());
// A slot and a date typed by hand exclude each other.
form.addEventListener("change", ({ target }) => {
  const { date, time } = form.elements;
  if (target.name === "slot") date.value = time.value = "";
  if (target === date || target === time) for (const slot of form.querySelectorAll("[name=slot]")) slot.checked = false;
});
// Enter goes on to the next field; it never saves by accident.
document.addEventListener("keydown", (e) => {
  if (e.key !== "Enter" || composing(e) || e.ctrlKey || e.metaKey || e.defaultPrevented || e.target.form !== form || e.target.tagName !== "INPUT") return;
  e.preventDefault();
  const fields = [...form.elements].filter((el) => isField(el) && el.checkVisibility());
  fields[fields.indexOf(e.target) + 1]?.focus();
});

const same = $("same-find");
let asking = 0;
same.oninput = () => {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const answer = await call(`/call/same?q=${encodeURIComponent(same.value)}&not=${form.dataset.company ?? ""}`);
    if (answer.ok) $("same").innerHTML = await answer.text();
  }, 250);
};

script(form);
if (token) lease();

/** What only a lease has: clock, draft, outbox, one tab. */
function lease() {
  const saved = $("saved");
  const note = $("lost");
  const tell = (state, time = new Date().toLocaleTimeString(form.dataset.lang, { hour12: false })) => {
    saved.textContent = say(state, time);
    saved.classList.toggle("warn", state === "offline" || state === "kept");
  };
  // Says what happened to this call, with the remedies that fit.
  function warn(text, ...acts) {
    note.querySelector("[data-text]").textContent = text;
    for (const button of note.querySelectorAll("[data-act]")) button.hidden = !acts.includes(button.dataset.act);
    note.hidden = false;
    note.scrollIntoView({ block: "nearest" });
  }
  function refuse(text) {
    const box = $("refused");
    box.parentElement.hidden = false;
    box.lastElementChild.textContent = text;
    box.scrollIntoView({ block: "nearest" });
  }
  let isLost = false;
  function lost(text) {
    if (isLost) return;
    isLost = true;
    keeping.stop(false);
    warn(text || say("lost"), "reload");
  }

  let sending = false;
  async function deliver(item, wait = 2000) {
    sending = true;
    tell("sending");
    form.classList.add("busy");
    const answer = await send(item);
    if (answer.ok) {
      drop(item);
      keeping.stop(true);
      return location.assign(answer.data.next);
    }
    if (answer.later) {
      tell("kept");
      if (answer.signedOut) warn(say("signedOut"), "reload");
      return setTimeout(deliver, wait, item, Math.min(wait * 1.6, 20000));
    }
    sending = false;
    form.classList.remove("busy");
    if (answer.status === 409) {
      strand(item, answer.text);
      return lost(answer.text);
    }
    drop(item);
    refuse(answer.text);
    keeping.resume();
  }
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    e.stopPropagation();
    if (sending || isLost) return;
    if (!chosen().checked) {
      refuse(say("choose"));
      return chosen().focus();
    }
    keeping.stop(false);
    const more = { then: e.submitter?.value ?? "next", talked: Math.round(seconds()) };
    if (started && !told) more.rang = "yes";
    deliver(keep({ user, url: form.action, body: bodyOf(form, more), name: form.dataset.name }));
  }, true);

  // Dialling: the clock runs from D to D.
  let started = form.dataset.phase === "preview" ? 0 : performance.now() - 1000 * form.dataset.elapsed;
  let ended = 0;
  let told = Boolean(started);
  const seconds = () => started && ((ended || performance.now()) - started) / 1000;
  const ring = $("ring");
  const show = (what, dot) => {
    $("phase").textContent = $("phase").dataset[what];
    $("phase-dot").className = "dot " + dot;
  };
  async function act(what, body = "") {
    const answer = await post(`/call/${token}/${what}`, body, { keepalive: true });
    if (answer.status === 409 || answer.status === 404) lost(await answer.text());
    if (!answer.ok) throw answer;
    return answer.json();
  }
  async function tellDialled() {
    try {
      const answer = await act("dialled", bodyOf(form));
      told = true;
      $("phase-note").textContent = answer.said;
    } catch {
      if (!isLost) tell("offline");
    }
  }
  function dialled() {
    if (started || isLost) return;
    started = performance.now();
    show("dialled", "good");
    $("phase-note").textContent = "";
    ring.firstElementChild.textContent = ring.dataset.hang;
    document.querySelector("[popovertarget=skip-why]").remove();
    tellDialled();
  }
  function hangUp() {
    ended ||= performance.now();
    show("ended", "off");
    ring.disabled = true;
    chosen().focus();
  }
  setInterval(() => {
    const s = Math.floor(seconds());
    $("timer").textContent = `${String(Math.floor(s / 60)).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}`;
  }, 500);
  const dial = $("dial");
  dial.onclick = (e) => (dial.ariaDisabled === "true" ? e.preventDefault() : dialled());
  ring.form.addEventListener("submit", (e) => {
    e.preventDefault();
    e.stopPropagation();
    started ? hangUp() : dialled();
  }, true);
  // D also opens the telephone of this machine where its owner wants that.
  const softphone = $("softphone");
  softphone.checked = localStorage.getItem("canvass-softphone") === "yes";
  softphone.onchange = () => localStorage.setItem("canvass-softphone", softphone.checked ? "yes" : "no");
  bind("d", () => {
    if (started) hangUp();
    else if (!softphone.checked || !press("#dial")) dialled();
  });
  const pickCallback = document.querySelector("[data-pick]");
  pickCallback.onclick = callback;

  const people = [...document.querySelectorAll("#people input:enabled")];
  function serve(line) {
    for (const part of ["number", "ext", "kind", "dials"]) $("dialbox").querySelector(`[data-${part}]`).textContent = line.dataset[part];
    dial.href = line.dataset.tel;
    dial.ariaDisabled = line.dataset.tel ? null : "true";
    for (const place of document.querySelectorAll("[data-contact]")) place.textContent = line.dataset.name;
  }
  for (const line of people) line.addEventListener("change", () => serve(line));
  function walk(by) {
    const focused = document.activeElement;
    if (!people.length || (focused.type === "radio" && !people.includes(focused))) return false;
    const next = people[(people.findIndex((line) => line.checked) + by + people.length) % people.length];
    next.focus();
    next.click();
  }
  bind("arrowdown", () => walk(1));
  bind("arrowup", () => walk(-1));

  const keeping = draft(form, {
    tell,
    lost,
    changed(said) {
      const fresh = new DOMParser().parseFromString(said.foretold, "text/html");
      for (const id of ["foretold", "clashes", "record"]) $(id)?.replaceWith(fresh.getElementById(id) ?? "");
    },
  });
  const served = people.find((line) => line.checked);
  if (served) serve(served);
  setInterval(() => {
    if (isLost || sending) return;
    if (started && !told) tellDialled();
    act("heartbeat").catch(() => isLost || tell("offline"));
  }, 20000);

  const me = String(Math.random());
  const tabs = new BroadcastChannel("canvass-call:" + token);
  const hello = (kind) => tabs.postMessage({ kind, me });
  tabs.onmessage = ({ data }) => {
    if (isLost) return;
    if (data.kind === "open") return hello("here");
    keeping.stop(false);
    if (data.kind === "here") return warn(say("tab"), "take");
    isLost = true;
    warn(say("moved"), "reload");
  };
  hello("open");
  note.onclick = ({ target }) => {
    const act = target.closest("[data-act]")?.dataset.act;
    if (act === "reload") location.assign("/call");
    if (act === "take") {
      hello("take");
      note.hidden = true;
      keeping.resume();
    }
  };
  // What could not be sent before goes first.
  const own = waiting(user).find((item) => !item.why && item.url === form.action);
  if (own) deliver(own);
  else flush(user);
  softphone.closest("[hidden]").hidden = pickCallback.hidden = false;
}
