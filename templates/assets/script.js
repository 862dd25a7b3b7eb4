// The script, one step at a time; where it goes from there depends on the answers.
import { bind } from "./keys.js";

/** Whether `urgency in M1,M3 and need not in erp` holds. */
function holds(when, form) {
  const data = new FormData(form);
  return when.split(" and ").every((part) => {
    const [, name, how, list] = /^\s*([\w-]+)\s+(not in|in|is)\s+(.+)$/.exec(part) ?? [];
    if (!name) return !part.trim();
    const given = [...data.getAll(name), ...data.getAll("f-" + name)].filter(Boolean);
    const hit = list.split(",").some((value) => given.includes(value.trim()));
    return how === "not in" ? given.length > 0 && !hit : hit;
  });
}

/** Shows the steps one by one: ] goes on, [ goes back, a click goes there. */
export function script(form) {
  const steps = [...document.querySelectorAll("#script .step")];
  const links = [...document.querySelectorAll("#script .path a")];
  const walked = [];
  let at = 0;
  if (!steps.length) return;

  function go(to, focus = true) {
    at = to;
    steps.forEach((step, n) => (step.hidden = n !== at));
    links.forEach((link, n) => {
      link.classList.toggle("done", walked.includes(n) && n !== at);
      link.ariaCurrent = n === at ? "step" : null;
    });
    links[at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const asked = steps[at].dataset.questions.split(" ");
    for (const q of document.querySelectorAll("#questions .q")) q.classList.toggle("asked", asked.includes(q.dataset.field));
    if (focus) document.querySelector("#questions .asked :is([type=radio], [type=checkbox])")?.focus();
  }
  function walk(to) {
    if (!steps[to]) return;
    walked.push(at);
    go(to);
  }
  links.forEach((link, n) => (link.onclick = (e) => {
    e.preventDefault();
    walk(n);
  }));
  bind("]", () => {
    const branch = JSON.parse(steps[at].dataset.next || "[]").find((candidate) => holds(candidate.when ?? "", form));
    walk(branch ? steps.findIndex((step) => step.id === "step-" + branch.step) : at + 1);
  });
  bind("[", () => go(walked.pop() ?? Math.max(0, at - 1)));
  go(0, false);
}
