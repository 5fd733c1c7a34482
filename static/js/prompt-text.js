// Shows the words of the chosen prompt beneath its select.

function show(select) {
  let words = select.closest(".related-widget-wrapper, div").parentElement.querySelector(".cc-words");
  if (!words) {
    words = document.createElement("p");
    words.className = "cc-words";
    words.setAttribute("aria-live", "polite");
    select.closest(".related-widget-wrapper, div").after(words);
  }
  words.textContent = select.selectedOptions[0]?.dataset.words ?? "";
}

for (const select of document.querySelectorAll("select:has(option[data-words])")) {
  select.addEventListener("change", () => show(select));
  show(select);
}
