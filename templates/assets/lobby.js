// Between calls what could not be sent is sent again, and what was refused is shown to its author.
import { drop, flush, send, strand, waiting } from "./outbox.js";
import { toast } from "./toast.js";

const { user, sayLost, sayKept, saySent } = document.getElementById("lobby").dataset;
const box = document.getElementById("kept");
const shape = document.getElementById("kept-shape");

function row(item) {
  const made = shape.content.cloneNode(true).firstElementChild;
  const part = (name) => made.querySelector(`[data-${name}]`);
  part("name").textContent = item.name;
  part("why").textContent = item.why;
  part("typed").textContent = [...new URLSearchParams(item.body)].filter(([name]) => !["started", "line", "then"].includes(name)).map(([, value]) => value).join(" · ");
  part("act=again").onclick = async () => {
    const answer = await send({ ...item, key: item.key + "-late", url: item.url.replace(/result$/, "late") });
    if (answer.ok) {
      drop(item);
      toast(answer.data.text);
    } else if (answer.refused) strand(item, answer.text);
    show();
  };
  part("act=drop").onclick = () => {
    drop(item);
    show();
  };
  return made;
}

function show() {
  const items = waiting(user);
  const stranded = items.filter((item) => item.why);
  box.hidden = !items.length;
  box.querySelector("[data-text]").textContent = stranded.length ? sayLost : sayKept;
  box.querySelector("[data-list]").replaceChildren(...stranded.map(row));
}

async function again(wait) {
  if (await flush(user)) {
    toast(saySent);
    setTimeout(() => location.reload(), 1200);
  }
  show();
  if (waiting(user).some((item) => !item.why)) setTimeout(again, wait, Math.min(wait * 1.5, 30000));
}

show();
again(3000);
