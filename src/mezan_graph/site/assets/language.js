// Leads from a choice of languages to the page in the first language that the reader prefers.
// Without this script the reader chooses.
"use strict";
const pages = new Map();
for (const link of document.querySelectorAll("link[rel=alternate][hreflang]")) {
  pages.set(link.hreflang.toLowerCase(), link.hreflang);
}
for (const wanted of navigator.languages) {
  const tag = wanted.toLowerCase();
  const found = pages.get(tag) ?? pages.get(tag.split("-")[0]);
  if (found !== undefined && found !== "x-default") {
    document.addEventListener("DOMContentLoaded", () => {
      const choice = document.querySelector(`a[hreflang="${CSS.escape(found)}"]`);
      if (choice !== null) location.replace(choice.href);
    });
    break;
  }
}
