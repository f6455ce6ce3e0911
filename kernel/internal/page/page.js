"use strict";
{
  // The language that a reader chose is remembered in this browser, and goes along in the
  // links: a browser may keep the memory of each file apart. What was chosen last counts.
  const key = "convbook.language", root = document.documentElement;
  const radios = [...document.querySelectorAll(".switch input")];
  const remembered = () => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (language) => { try { localStorage.setItem(key, language); } catch {} };

  const lead = (language) => {
    for (const a of document.querySelectorAll("a[href]")) {
      const to = new URL(a.href);
      if (to.protocol !== location.protocol || to.host !== location.host || !to.pathname.endsWith(".html") || a.getAttribute("href").startsWith("#")) continue;
      to.searchParams.set("show", language);
      a.href = to.href;
    }
  };
  const show = (language) => {
    const cell = [...document.querySelectorAll("main > *")].find((e) => e.getBoundingClientRect().bottom > 0);
    const was = cell?.getBoundingClientRect().top;
    for (const radio of radios) radio.checked = radio.value === language;
    root.lang = language === "ko" ? "ko" : "en";
    if (cell && scrollY > 0) scrollBy(0, cell.getBoundingClientRect().top - was);
  };

  const given = new URLSearchParams(location.search).get("show");
  const again = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  const chosen = again ? remembered() ?? given : given ?? remembered();
  const known = radios.some((radio) => radio.value === chosen);
  if (known) {
    show(chosen);
    remember(chosen);
  }
  for (const radio of radios) {
    radio.addEventListener("change", () => { show(radio.value); remember(radio.value); lead(radio.value); });
  }
  addEventListener("DOMContentLoaded", () => { if (known) lead(chosen); });
  addEventListener("pageshow", (event) => { // again by the way back: another page may have been told otherwise
    const language = event.persisted && remembered();
    if (radios.some((radio) => radio.value === language)) { show(language); lead(language); }
  });

  const contents = document.querySelector(".contents");
  if (contents && matchMedia("(min-width: 80rem)").matches) contents.open = true;

  // On paper nothing can be unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const d of folded) d.open = true;
  });
  addEventListener("afterprint", () => { for (const d of folded) d.open = false; });
}
