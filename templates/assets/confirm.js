// data-confirm="…" on a form, or on one of its buttons, asks first. Without scripts the step is simply done: whatever matters can be undone.

/** Puts the question before forms that carry one. */
export function asking() {
  const dialog = document.getElementById("question");
  document.addEventListener("submit", (e) => {
    const form = e.target;
    const text = e.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!text || form.dataset.agreed) return delete form.dataset.agreed;
    e.preventDefault();
    e.stopImmediatePropagation();
    const yes = dialog.querySelector("[value=yes]");
    dialog.querySelector("p").textContent = text;
    yes.textContent = e.submitter.textContent.trim();
    yes.classList.toggle("danger", e.submitter.matches(".danger"));
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.agreed = "1";
      form.requestSubmit(e.submitter);
    };
    dialog.showModal();
  }, true);
}
