// File fields one can drop on: shows the name and size, and with data-drop="send" posts at once.

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** Wires every [data-drop] in `root`. */
export function dropzones(root) {
  for (const zone of root.querySelectorAll("[data-drop]")) {
    const input = zone.querySelector("input[type=file]");
    const name = zone.querySelector("[data-drop-name]");
    const over = (on) => (e) => {
      e.preventDefault();
      zone.classList.toggle("over", on);
    };
    zone.ondragover = over(true);
    zone.ondragleave = over(false);
    zone.ondrop = (e) => {
      over(false)(e);
      if (!e.dataTransfer.files.length) return;
      input.files = e.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    input.onchange = () => {
      const files = [...input.files];
      zone.classList.toggle("full", files.length > 0);
      if (name && files.length) name.textContent = files.map((f) => `${f.name} · ${size(f.size)}`).join("\n");
      if (files.length && zone.dataset.drop === "send") input.form.requestSubmit();
    };
  }
}
