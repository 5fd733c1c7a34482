// Shows the words of the chosen prompt beneath its select.

function show(select) {
  const row = select.closest(".related-widget-wrapper") ?? select;
  let words = row.nextElementSibling;
  if (!words?.classList.contains("cc-words")) {
    words = document.createElement("p");
    words.className = "cc-words";
    words.setAttribute("aria-live", "polite");
    row.after(words);
  }
  words.textContent = select.selectedOptions[0]?.dataset.words ?? "";
}

function prepareAll() {
  for (const select of document.querySelectorAll("select:has(option[data-words]):not([data-worded])")) {
    select.dataset.worded = "yes";
    select.addEventListener("change", () => show(select));
    show(select);
  }
}

prepareAll();
document.addEventListener("formset:added", prepareAll);
document.addEventListener("workshop:drawn", prepareAll);
