// The theme: light, dark, or the system's own ("auto"). Classic script in <head>, so that the page is never painted
// twice. Same key and same attribute as the stock admin's switch, which this one replaces.
"use strict";
{
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const stored = () => {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto"; // storage closed by the browser: the system decides
    }
  };

  const isDark = () => root.dataset.theme === "dark" || (root.dataset.theme !== "light" && system.matches);

  const tellButtons = () => {
    for (const button of document.querySelectorAll("[data-theme-button]")) {
      button.setAttribute("aria-label", isDark() ? button.dataset.toLight : button.dataset.toDark);
    }
  };

  const change = () => {
    const wanted = isDark() ? "light" : "dark";
    const followsSystem = (wanted === "dark") === system.matches;
    root.dataset.theme = followsSystem ? "auto" : wanted;
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // not remembered, still changed
    }
    tellButtons();
  };

  root.dataset.theme = stored();
  system.addEventListener("change", tellButtons);
  document.addEventListener("DOMContentLoaded", tellButtons);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-button]")) change();
  });
}
