// Results wait here, each with its own Idempotency-Key, until the server says yes or no: sent twice, they count once.
// What was refused stays until its author decides.
import { post } from "./server.js";

const PLACE = "canvass-outbox";
const all = () => JSON.parse(localStorage.getItem(PLACE) ?? "[]");
const write = (items) => localStorage.setItem(PLACE, JSON.stringify(items));

/** What waits for `user`. */
export const waiting = (user) => all().filter((item) => item.user === user);

/** Keeps {user, url, body, name}; returns it with its key. */
export function keep(item) {
  const kept = { key: `${Date.now()}-${Math.random()}`, ...item };
  write([...all(), kept]);
  return kept;
}
export const drop = (item) => write(all().filter((other) => other.key !== item.key));
/** Marks one that was refused for good with the sentence that says why. */
export const strand = (item, why) => write(all().map((other) => (other.key === item.key ? { ...other, why } : other)));

/** Sends one. Answers {ok, data} · {refused, status, text} · {later, signedOut}. */
export async function send({ url, body, key }) {
  try {
    const answer = await post(url, body, { redirect: "manual", signal: AbortSignal.timeout(20000), headers: { "Idempotency-Key": key } });
    const { ok, status } = answer;
    if (ok) return { ok, data: await answer.json() };
    const signedOut = status === 401 || status === 403;
    if (signedOut || status >= 500 || status === 429 || !status) return { later: true, signedOut };
    return { refused: true, status, text: await answer.text() };
  } catch {
    return { later: true };
  }
}

/** Sends what waits, until one has to wait on; says how many were taken. */
export async function flush(user) {
  let sent = 0;
  for (const item of waiting(user).filter((other) => !other.why)) {
    const answer = await send(item);
    if (answer.later) break;
    if (answer.ok) sent++;
    answer.ok ? drop(item) : strand(item, answer.text);
  }
  return sent;
}
