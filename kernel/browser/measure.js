(theme, language, figures) => {
  const flaws = [], root = document.documentElement;
  const flaw = (text) => { if (!flaws.includes(text)) flaws.push(text); };
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 60);
  const seen = (e) => e.checkVisibility({ contentVisibilityAuto: true });
  const smallest = 11, rounding = 0.05;

  if (root.scrollWidth > innerWidth) flaw(`the page is ${root.scrollWidth} px wide`);
  const light = getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).every((c) => c > 127);
  if (light !== (theme === "light")) flaw(`the paper is ${getComputedStyle(document.body).backgroundColor}`);
  const loaded = performance.getEntriesByType("resource").map((e) => e.name).filter((name) => !name.startsWith("data:"));
  if (loaded.length) flaw(`it loads ${loaded}`);

  // Texts, in the sizes that they are drawn in.
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || e.closest("script, style, svg") || !seen(e)) continue;
    const size = parseFloat(getComputedStyle(e).fontSize);
    if (size < smallest - rounding) flaw(`${e.tagName} has a text of ${size.toFixed(1)} px: ${short(texts.currentNode.data)}`);
    // The switch decides what is read.
    const other = { en: /\p{sc=Hangul}/u, ko: null }[language];
    if (other && other.test(texts.currentNode.data) && e.closest(".markdown, .course") && !e.closest("pre, code")) flaw(`Korean is seen: ${short(texts.currentNode.data)}`);
  }
  if (language === "ko") {
    for (const e of document.querySelectorAll("main p[lang=en], main li[lang=en]")) if (seen(e)) flaw(`English is seen: ${short(e.innerText)}`);
  }
  if (![...document.querySelectorAll(`main :is(p, h1, h2)`)].some(seen)) flaw("nothing is seen");
  if (root.lang !== (language === "ko" ? "ko" : "en")) flaw(`the page's language is ${root.lang}`);

  // Texts within figures: the drawing that the page has chosen is put into the page as wide as
  // its picture is shown, and its texts are measured there.
  for (const img of document.querySelectorAll("main img")) {
    if (!seen(img)) continue;
    if (img.alt.trim().length < 10) flaw(`a picture says ${JSON.stringify(img.alt)} to those who do not see it`);
    const shown = img.getBoundingClientRect();
    if (!img.complete || !img.naturalWidth) flaw(`a picture is not shown: ${short(img.alt)}`);
    if (!figures) continue;
    const source = img.currentSrc.match(/^data:image\/svg\+xml;base64,(.*)$/);
    if (!source) continue;
    const text = new TextDecoder().decode(Uint8Array.from(atob(source[1]), (c) => c.charCodeAt(0)));
    const place = document.createElement("div");
    place.style.cssText = `position: absolute; left: 0; top: 0; width: ${shown.width}px; visibility: hidden`;
    const svg = document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
    if (!svg.hasAttribute("viewBox")) svg.setAttribute("viewBox", `0 0 ${parseFloat(svg.getAttribute("width"))} ${parseFloat(svg.getAttribute("height"))}`);
    svg.style.cssText += "; width: 100%; height: auto; max-width: none";
    place.append(svg);
    document.body.append(place);
    for (const t of svg.querySelectorAll("text, tspan")) {
      if (![...t.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
      const m = t.getScreenCTM(), scale = Math.sqrt(Math.abs(m.a * m.d - m.b * m.c));
      const size = parseFloat(getComputedStyle(t).fontSize) * scale;
      if (size < smallest - rounding) flaw(`a figure has a text of ${size.toFixed(1)} px: ${short(t.textContent)} (${short(img.alt)})`);
    }
    place.remove();
  }

  // What is wider than its place says so: it can be scrolled, and a shade is at its edge.
  for (const e of document.querySelectorAll("main table, main pre, main math[display=block]")) {
    if (!seen(e) || e.scrollWidth <= e.clientWidth + 1) continue;
    const style = getComputedStyle(e), around = getComputedStyle(e.parentElement);
    const shade = (s) => s.backgroundImage.includes("gradient") && /auto|scroll/.test(s.overflowX);
    if (!shade(style) && !shade(around)) flaw(`${e.tagName} is wider than its place and does not show it: ${short(e.innerText ?? e.textContent)}`);
  }

  // A telephone shows whole tables.
  for (const e of document.querySelectorAll("main table")) {
    const wide = e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth - 8;
    if (innerWidth <= 640 && seen(e) && wide) flaw(`a table is wider than the page: ${short(e.textContent)}`);
  }

  // The number of a cell covers no code.
  for (const count of document.querySelectorAll(".count")) {
    const at = count.getBoundingClientRect(), code = count.nextElementSibling;
    if (!at.width || !code || innerWidth > 640) continue;
    if (at.bottom > code.getBoundingClientRect().top + 1) flaw(`the number ${count.textContent} covers what is under it`);
  }
  return flaws;
}
