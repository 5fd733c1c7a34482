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

for (const select of document.querySelectorAll("select:has(option[data-words])")) {
  select.addEventListener("change", () => show(select));
  show(select);
}
