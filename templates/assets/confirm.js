// data-confirm="…" on a form, a submit button or a link asks first. Without scripts the step is simply done:
// whatever matters can be undone.

/** Asks one question in the dialog of base.html; resolves to whether the answer was yes. */
export function ask(text, { title = "", yes = "", danger = false } = {}) {
  const dialog = document.getElementById("question");
  dialog.querySelector("p").textContent = text;
  const heading = dialog.querySelector("h2");
  heading.dataset.usual ??= heading.textContent;
  heading.textContent = title || heading.dataset.usual;
  const button = dialog.querySelector("[value=yes]");
  button.dataset.usual ??= button.textContent;
  button.textContent = yes || button.dataset.usual;
  button.classList.toggle("danger", danger);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
}

/** Puts the question before forms, buttons and links that carry one. */
export function asking() {
  document.addEventListener("submit", async (e) => {
    const form = e.target;
    const source = e.submitter?.dataset.confirm ? e.submitter : form;
    if (!source.dataset.confirm || form.dataset.agreed) return delete form.dataset.agreed;
    e.preventDefault();
    e.stopImmediatePropagation();
    const label = e.submitter?.firstChild?.textContent?.trim() || e.submitter?.textContent?.trim();
    if (await ask(source.dataset.confirm, { yes: label, danger: e.submitter?.classList.contains("danger") })) {
      form.dataset.agreed = "1";
      form.requestSubmit(e.submitter);
    }
  }, true);
  document.addEventListener("click", async (e) => {
    const link = e.target.closest?.("a[data-confirm]");
    if (!link) return;
    e.preventDefault();
    if (await ask(link.dataset.confirm, { yes: link.textContent.trim() })) location.assign(link.href);
  }, true);
}
