// Before and between calls: what could not be sent is sent again, and what was refused is shown to its author.
import { drop, send, strand, waiting } from "./outbox.js";
import { toast } from "./toast.js";

const place = document.getElementById("lobby");
const box = document.getElementById("kept");
const shape = document.getElementById("kept-shape");

const words = (body) => [...new URLSearchParams(body)].filter(([name, value]) => value && !["csrf", "started", "line", "then"].includes(name)).map(([, value]) => value).join(" · ");

function row(item) {
  const made = shape.content.cloneNode(true).firstElementChild;
  made.querySelector("[data-name]").textContent = item.name;
  made.querySelector("[data-why]").textContent = item.why;
  made.querySelector("[data-typed]").textContent = words(item.body);
  made.querySelector("[data-act=again]").onclick = async () => {
    const answer = await send({ ...item, key: item.key + "-late" }, item.url.replace(/\/result$/, "/late"));
    if (answer.ok) {
      drop(item);
      toast(answer.data.text);
    } else if (answer.refused) strand(item, answer.text);
    show();
  };
  made.querySelector("[data-act=drop]").onclick = () => {
    drop(item);
    show();
  };
  return made;
}

function show() {
  const items = waiting(place.dataset.user);
  const stranded = items.filter((item) => item.why);
  box.hidden = !items.length;
  box.querySelector("[data-text]").textContent = stranded.length ? place.dataset.sayLost : place.dataset.sayKept;
  box.querySelector("[data-list]").replaceChildren(...stranded.map(row));
}

let wait = 3000;
async function flush() {
  let sent = 0;
  for (const item of waiting(place.dataset.user).filter((other) => !other.why)) {
    const answer = await send(item);
    if (answer.ok) {
      drop(item);
      sent++;
    } else if (answer.refused) strand(item, answer.text);
    else break;
  }
  show();
  if (sent) {
    toast(place.dataset.saySent);
    setTimeout(() => location.reload(), 1200);
  }
  wait = Math.min(wait * 1.5, 30000);
  if (waiting(place.dataset.user).some((item) => !item.why)) setTimeout(flush, wait);
}

if (place) {
  show();
  flush();
  addEventListener("online", flush);
}
