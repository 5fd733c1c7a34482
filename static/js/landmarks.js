// The theme of the admin names no regions, and its icons are words ("support_agent"): said here, for screen readers.
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("content")?.setAttribute("role", "main");
  const menu = document.getElementById("nav-sidebar");
  menu?.setAttribute("role", "navigation");
  menu?.setAttribute("aria-label", "Menu");
  for (const icon of document.querySelectorAll(".material-symbols-outlined")) {
    const control = icon.closest("a, button");
    // where it is all that a control says, it has to stay
    if (!control || control.textContent.trim() !== icon.textContent.trim()) icon.setAttribute("aria-hidden", "true");
  }
});
