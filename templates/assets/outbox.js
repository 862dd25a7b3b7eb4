// Results that have not been answered yet. Each waits in this browser with its own Idempotency-Key until the server
// says yes or no: sent twice, it counts once. What was refused stays until its author decides.

const PLACE = "canvass-outbox";
const csrf = () => document.querySelector("meta[name=csrf]")?.content ?? "";

function all() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? [];
  } catch {
    return [];
  }
}
const write = (items) => localStorage.setItem(PLACE, JSON.stringify(items));

/** What waits for `user`. */
export const waiting = (user) => all().filter((item) => item.user === user);

/** Keeps a result: {user, url, body, name}; returns it with its key. */
export function keep(item) {
  const kept = { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, at: Date.now(), ...item };
  write([...all().filter((other) => other.key !== kept.key), kept]);
  return kept;
}
export const drop = (item) => write(all().filter((other) => other.key !== item.key));
/** Marks a result that was refused for good, with the sentence that says why. */
export const strand = (item, why) => write(all().map((other) => (other.key === item.key ? { ...other, why } : other)));

/** Sends one. Answers {ok, data} · {refused, status, data} · {later, signedOut}. */
export async function send(item, url = item.url) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      body: item.body,
      redirect: "manual",
      signal: AbortSignal.timeout(20000),
      headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Partial": "1", "X-Answer": "json", "X-CSRF": csrf(), "Idempotency-Key": item.key },
    });
    if (answer.ok) return { ok: true, data: await answer.json() };
    if (answer.status === 401 || answer.status === 403) return { later: true, signedOut: true };
    if (answer.status >= 500 || answer.status === 429 || answer.type === "opaqueredirect") return { later: true };
    return { refused: true, status: answer.status, text: await answer.text() };
  } catch {
    return { later: true };
  }
}
