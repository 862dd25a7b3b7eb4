// The call screen by keys alone: dial, people, script, outcome, draft, save. Without this file the form still saves.
import { bind, composing, isField, press } from "./keys.js";
import { bodyOf, draft } from "./draft.js";
import { drop, keep, send, strand, waiting } from "./outbox.js";
import { script } from "./script.js";
import { toast } from "./toast.js";

const form = document.getElementById("result");
const { token, user } = form.dataset;
const say = (what, time = "") => form.dataset["say" + what[0].toUpperCase() + what.slice(1)]?.replace("%time", time) ?? "";
const field = (name) => form.elements.namedItem(name);
const now = () => new Date().toLocaleTimeString(form.dataset.lang, { hour12: false });

/* ——— outcome ——— */
const rest = document.getElementById("rest");
const find = document.getElementById("rest-find");
const visible = () => [...rest.querySelectorAll(".opt")].filter((option) => !option.hidden);

/** Chooses an outcome and goes to the first thing it needs. */
function pick(radio) {
  if (!radio) return false;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  const need = [...form.querySelectorAll(".needs")].find((section) => section.dataset.for.split(" ").includes(radio.value));
  const must = ["callback", "visit_agreed", "not_interested", "do_not_call", "wechat_added", "contact_left", "moved", "duplicate", "has_product"];
  const first = need && must.includes(radio.value) && (need.querySelector("input:checked") ?? need.querySelector("input"));
  (first || radio).focus();
  (first || radio).scrollIntoView({ block: "nearest" });
}
const byCode = (code) => form.querySelector(`[name=disposition][value="${code}"]`);
for (const radio of form.querySelectorAll("[data-digit]")) bind(radio.dataset.digit, () => pick(radio));

function sift() {
  const asked = find.value.trim().toLowerCase();
  for (const option of rest.querySelectorAll(".opt")) option.hidden = !(option.dataset.find + " " + option.textContent).toLowerCase().includes(asked);
  rest.querySelector(".first")?.classList.remove("first");
  if (asked) visible()[0]?.classList.add("first");
}
find.hidden = false;
find.addEventListener("input", sift);
find.addEventListener("keydown", (e) => {
  if (composing(e)) return;
  if (e.key === "Enter") {
    e.preventDefault();
    const option = visible()[0];
    if (!option) return;
    find.value = "";
    sift();
    pick(option.querySelector("input"));
  } else if (e.key === "ArrowDown") {
    e.preventDefault();
    visible()[0]?.querySelector("input").focus();
  }
});
bind("0", () => {
  rest.open = true;
  find.value = "";
  sift();
  find.focus();
});
bind("b", () => pick(byCode("callback")));
for (const button of document.querySelectorAll("[data-pick]")) {
  button.hidden = false;
  button.onclick = () => pick(byCode(button.dataset.pick));
}
bind("n", () => press("#call-note"));
bind("u", () => (form.querySelector("[name=urgency]:checked") ?? field("urgency")?.[0])?.focus());
bind("m", () => press("#gaps .gap :is(input, select)"));
bind("?", () => document.getElementById("call-keys").showModal());
// A chosen slot says the moment; a date typed by hand takes the choice back.
form.addEventListener("change", (e) => {
  if (e.target.name === "slot" && e.target.value) field("date").value = field("time").value = "";
  if (["date", "time"].includes(e.target.name) && e.target.value) for (const slot of form.querySelectorAll("[name=slot]")) slot.checked = false;
});
// Enter in a line of text goes on to the next field; it never saves by accident.
document.addEventListener("keydown", (e) => {
  if (e.key !== "Enter" || composing(e) || e.ctrlKey || e.metaKey || e.defaultPrevented || e.target.form !== form || e.target.tagName !== "INPUT") return;
  e.preventDefault();
  const fields = [...form.elements].filter((el) => isField(el) && el.checkVisibility());
  fields[fields.indexOf(e.target) + 1]?.focus();
});

/* ——— the other record ——— */
const same = document.getElementById("same-find");
let asking = 0;
same?.addEventListener("input", () => {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    try {
      const answer = await fetch(`/call/same?q=${encodeURIComponent(same.value)}&not=${form.dataset.company ?? ""}`, { headers: { "X-Partial": "1" } });
      if (answer.ok) document.getElementById("same").innerHTML = await answer.text();
    } catch { /* the list stays as it was */ }
  }, 250);
});

script(form);

/* ——— saving ——— */
const saved = document.getElementById("saved");
const note = document.getElementById("lost");
const tell = (state, time = now()) => {
  if (!saved) return;
  saved.textContent = say(state, time);
  saved.classList.toggle("warn", state === "offline" || state === "kept");
};
/** Says what happened to this call, with the remedies that fit. */
function warn(text, ...acts) {
  if (!note) return toast(text);
  note.querySelector("[data-text]").textContent = text;
  for (const button of note.querySelectorAll("[data-act]")) button.hidden = !acts.includes(button.dataset.act);
  note.hidden = false;
  note.scrollIntoView({ block: "nearest" });
}
function refuse(text) {
  const place = document.getElementById("refused-place");
  if (place) place.hidden = false;
  const box = document.querySelector("#refused > div");
  box.textContent = text;
  box.scrollIntoView({ block: "nearest" });
}
let keeping = null;
let isLost = false;
function lost(text) {
  if (isLost) return;
  isLost = true;
  keeping?.stop(false);
  warn(text || say("lost"), "reload", "copy");
}

let sending = false;
async function deliver(item, wait = 2000) {
  sending = true;
  tell("sending");
  form.classList.add("busy");
  const answer = await send(item);
  if (answer.ok) {
    drop(item);
    keeping?.stop(true);
    return location.assign(answer.data.next);
  }
  if (answer.later) {
    tell("kept");
    if (answer.signedOut) warn(say("signedOut"), "reload");
    return setTimeout(() => deliver(item, Math.min(wait * 1.6, 20000)), wait);
  }
  sending = false;
  form.classList.remove("busy");
  if (answer.status === 409) {
    strand(item, answer.text);
    return lost(answer.text);
  }
  drop(item);
  refuse(answer.text);
  keeping?.resume();
}
form.addEventListener("submit", (e) => {
  if (!token) return;
  e.preventDefault();
  e.stopPropagation();
  if (sending || isLost) return;
  if (!form.querySelector("[name=disposition]:checked")) {
    refuse(say("choose"));
    return form.querySelector("[name=disposition]").focus();
  }
  keeping?.stop(false);
  const more = { then: e.submitter?.value ?? "next", talked: String(Math.round(seconds())) };
  if (started && !form.dataset.told) more.rang = "yes";
  deliver(keep({ user, url: form.action, body: bodyOf(form, more), name: form.dataset.name }));
}, true);

/* ——— dialling ——— */
let phase = form.dataset.phase;
let started = phase && phase !== "preview" ? performance.now() - 1000 * Number(form.dataset.elapsed || 0) : 0;
let ended = 0;
const seconds = () => (started ? ((ended || performance.now()) - started) / 1000 : 0);
const face = document.getElementById("timer");
const ring = document.getElementById("ring");
const phaseText = document.getElementById("phase");
function draw() {
  if (!face) return;
  const left = Math.floor(seconds());
  face.textContent = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
}
const csrf = () => document.querySelector("meta[name=csrf]")?.content ?? "";
async function post(what, body = "") {
  const answer = await fetch(`/call/${token}/${what}`, { method: "POST", body, keepalive: true, headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Partial": "1", "X-Answer": "json", "X-CSRF": csrf() } });
  if (answer.status === 409 || answer.status === 404) lost(await answer.text());
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}
async function tellDialled() {
  try {
    const answer = await post("dialled", bodyOf(form));
    form.dataset.told = "1";
    document.getElementById("phase-note").textContent = answer.said;
  } catch {
    if (!isLost) tell("offline");
  }
}
function dialled() {
  if (phase !== "preview" || isLost) return;
  phase = "dialled";
  started = performance.now();
  phaseText.textContent = phaseText.dataset.dialled;
  document.getElementById("phase-note").textContent = "";
  document.getElementById("phase-dot").className = "dot good";
  ring.firstElementChild.textContent = ring.dataset.hang;
  document.querySelector("[popovertarget=skip-why]")?.remove();
  tellDialled();
}
function hangUp() {
  if (ended || !started) return;
  ended = performance.now();
  phaseText.textContent = phaseText.dataset.ended;
  document.getElementById("phase-dot").className = "dot off";
  ring.disabled = true;
  (form.querySelector("[name=disposition]:checked") ?? form.querySelector("[name=disposition]")).focus();
}
if (token) {
  if (started) form.dataset.told = "1";
  draw();
  setInterval(draw, 500);
  document.getElementById("dial").addEventListener("click", (e) => {
    if (e.currentTarget.ariaDisabled === "true") e.preventDefault();
    else dialled();
  });
  ring.form.addEventListener("submit", (e) => {
    e.preventDefault();
    e.stopPropagation();
    if (phase === "preview") dialled();
    else hangUp();
  }, true);
  // D starts the clock; it also opens the telephone of this machine where its owner wants that.
  const softphone = document.getElementById("softphone");
  softphone.checked = localStorage.getItem("canvass-softphone") === "yes";
  softphone.closest("[hidden]").hidden = false;
  softphone.addEventListener("change", () => localStorage.setItem("canvass-softphone", softphone.checked ? "yes" : "no"));
  bind("d", () => {
    if (phase !== "preview") hangUp();
    else if (!softphone.checked || !press("#dial")) dialled();
  });
}

/* ——— people and their numbers ——— */
const people = [...document.querySelectorAll("#people input:not(:disabled)")];
function show(line) {
  const box = document.getElementById("dialbox");
  for (const part of ["number", "ext", "kind", "dials"]) box.querySelector(`[data-${part}]`).textContent = line.dataset[part];
  const dial = document.getElementById("dial");
  dial.href = line.dataset.tel;
  dial.ariaDisabled = line.dataset.tel ? null : "true";
  for (const place of document.querySelectorAll("[data-contact]")) place.textContent = line.dataset.name;
}
for (const line of people) line.addEventListener("change", () => show(line));
function walk(by) {
  const focused = document.activeElement;
  if (focused?.type === "radio" && !people.includes(focused)) return false;
  const at = people.findIndex((line) => line.checked);
  const next = people[(at + by + people.length) % people.length];
  if (!next) return false;
  next.checked = true;
  next.focus();
  next.dispatchEvent(new Event("change", { bubbles: true }));
}
bind("arrowdown", () => walk(1));
bind("arrowup", () => walk(-1));

/* ——— draft, heartbeat, other tabs ——— */
if (token) {
  keeping = draft(form, {
    tell,
    lost,
    changed(said) {
      const fresh = new DOMParser().parseFromString(said.foretold, "text/html").getElementById("foretold");
      if (fresh) document.getElementById("foretold").replaceWith(fresh);
    },
  });
  const chosen = people.find((line) => line.checked);
  if (chosen) show(chosen);
  setInterval(() => {
    if (isLost || sending) return;
    if (started && !form.dataset.told) tellDialled();
    post("heartbeat").catch(() => !isLost && tell("offline"));
  }, 20000);

  const me = String(Math.random());
  const tabs = new BroadcastChannel("canvass-call");
  const hello = (kind) => tabs.postMessage({ kind, token, me });
  tabs.onmessage = ({ data }) => {
    if (data.token !== token || data.me === me || isLost) return;
    if (data.kind === "open") hello("here");
    else if (data.kind === "here") {
      keeping.stop(false);
      warn(say("tab"), "take");
    } else if (data.kind === "take") {
      keeping.stop(false);
      isLost = true;
      warn(say("moved"), "reload");
    }
  };
  hello("open");
  note.addEventListener("click", (e) => {
    const act = e.target.closest("[data-act]")?.dataset.act;
    if (act === "reload") location.assign("/call");
    if (act === "take") {
      hello("take");
      note.hidden = true;
      keeping.resume();
    }
    if (act === "copy") {
      const words = [...new FormData(form)].filter(([name, value]) => value && !["csrf", "started", "line"].includes(name)).map(([, value]) => value);
      navigator.clipboard?.writeText(`${form.dataset.name}\n${words.join("\n")}`).then(() => toast(say("copied")));
    }
  });
  // What an earlier visit could not send goes first.
  for (const item of waiting(user).filter((other) => !other.why)) {
    if (item.url === form.action) deliver(item);
    else send(item).then((answer) => (answer.ok ? drop(item) : answer.refused && strand(item, answer.text)));
  }
}
