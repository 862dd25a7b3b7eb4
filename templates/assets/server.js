// Requests of our own, with the token that every form carries.

/** Fetches a fragment of a page. */
export const call = (url, { headers, ...init } = {}) =>
  fetch(url, { ...init, headers: { "X-Partial": "1", "X-CSRF": document.querySelector("meta[name=csrf]")?.content ?? "", ...headers } });

/** Sends the pairs of a form and wants JSON. */
export const post = (url, body, { headers, ...init } = {}) =>
  call(url, { method: "POST", body: new URLSearchParams(body), ...init, headers: { "X-Answer": "json", ...headers } });
