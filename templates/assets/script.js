// The script: one step at a time, and where it goes from there by what was answered in this call.
import { bind } from "./keys.js";

/** Whether `urgency in M1,M3 and need not in erp` holds for the form. */
function holds(when, form) {
  const test = (part) => {
    const found = /^\s*([\w-]+)\s+(not in|in|is)\s+(.+)$/.exec(part);
    if (!found) return false;
    const [, name, how, list] = found;
    const data = new FormData(form);
    const given = [...data.getAll(name), ...data.getAll("f-" + name)].filter(Boolean);
    const hit = list.split(",").some((value) => given.includes(value.trim()));
    return how === "not in" ? given.length > 0 && !hit : hit;
  };
  return !when.trim() || when.split(" and ").every(test);
}

/** Shows the steps one by one: ] goes on, [ goes back, a click goes there. */
export function script(form) {
  const steps = [...document.querySelectorAll("#script .step")];
  if (!steps.length) return;
  const links = [...document.querySelectorAll("#script .path a")];
  const walked = [];
  let at = 0;

  function go(to, focus = true) {
    at = to;
    steps.forEach((step, n) => (step.hidden = n !== at));
    links.forEach((link, n) => {
      link.classList.toggle("done", walked.includes(n) && n !== at);
      if (n === at) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    });
    links[at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const asked = steps[at].dataset.questions.split(" ").filter(Boolean);
    for (const q of document.querySelectorAll("#questions .q")) q.classList.toggle("asked", asked.includes(q.dataset.field));
    if (focus) document.querySelector("#questions .q.asked :is([type=radio], [type=checkbox])")?.focus();
  }
  function next() {
    const branch = JSON.parse(steps[at].dataset.next || "[]").find((candidate) => holds(candidate.when ?? "", form));
    const to = branch ? steps.findIndex((step) => step.id === "step-" + branch.step) : at + 1;
    if (to < 0 || to >= steps.length) return;
    walked.push(at);
    go(to);
  }
  links.forEach((link, n) =>
    link.addEventListener("click", (e) => {
      e.preventDefault();
      walked.push(at);
      go(n);
    }),
  );
  bind("]", next);
  bind("[", () => go(walked.pop() ?? Math.max(0, at - 1)));
  go(0, false);
}
