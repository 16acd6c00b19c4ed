// @ts-check

const svgNamespace = "http://www.w3.org/2000/svg";

/** Lines on a 24 by 24 grid, drawn in the colour of the text around them. */
const shapes = {
  alert: ["M12 4 3 19.5h18z", "M12 10v4.5", "M12 17.2v.1"],
  arrowDown: ["M12 5v14", "m6 13 6 6 6-6"],
  arrowUp: ["M12 19V5", "m6 11 6-6 6 6"],
  assistants: ["M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H12l-4.5 4v-4h-1A2.5 2.5 0 0 1 4 13.5z",
    "M9 10.2v.1", "M15 10.2v.1"],
  book: ["M5 4.5h9.5A2.5 2.5 0 0 1 17 7v13H7.5A2.5 2.5 0 0 1 5 17.5z", "M5 17.5A2.5 2.5 0 0 1 7.5 15H17", "M20 8v12h-3"],
  chat: ["M5 5h14v11h-7.5L7 19.5V16H5z"],
  check: ["m5 12.5 4.5 4.5L19 7.5"],
  chevron: ["m9 6 6 6-6 6"],
  chevronLeft: ["m15 6-6 6 6 6"],
  clip: ["m19.5 11.5-7.3 7.3a4.6 4.6 0 0 1-6.5-6.5l7.6-7.6a3 3 0 0 1 4.3 4.3l-7.5 7.5a1.5 1.5 0 0 1-2.1-2.1l6.8-6.8"],
  close: ["m6 6 12 12", "M18 6 6 18"],
  copy: ["M9 9h10.5v10.5H9z", "M15 5.5V4.5H4.5V15H5.5"],
  dots: ["M5.5 12v.1", "M12 12v.1", "M18.5 12v.1"],
  download: ["M12 4v11", "m7 10.5 5 5 5-5", "M5 19.5h14"],
  file: ["M6.5 3.5h7.5l4 4V20.5H6.5z", "M13.5 3.5V8h4.5"],
  fork: ["M7 4.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z", "M17 4.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z", "M7 15.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
    "M7 8.5v7", "M17 8.5c0 4-10 2-10 7"],
  clock: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "M12 7.5V12l3 2"],
  globe: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "M3.5 12h17", "M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17z"],
  history: ["M4.5 12a7.5 7.5 0 1 0 2.3-5.4L4.5 9", "M4.5 4.5V9H9", "M12 8v4.5l3 1.8"],
  keyboard: ["M3 6.5h18v11H3z", "M7 10.5v.1", "M12 10.5v.1", "M17 10.5v.1", "M8 14h8"],
  link: ["M10 14.5a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.8", "M14 9.5a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1"],
  menu: ["M4 7h16", "M4 12h16", "M4 17h16"],
  monitor: ["M4 5h16v11H4z", "M9 20h6", "M12 16v4"],
  moon: ["M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"],
  pencil: ["m4.5 19.5.8-4L16 4.8a1.5 1.5 0 0 1 2 0l1.2 1.2a1.5 1.5 0 0 1 0 2L8.5 18.7z"],
  pin: ["M9 4h6l-1 6 3 3H7l3-3z", "M12 13v7"],
  plus: ["M12 5v14", "M5 12h14"],
  retry: ["M19 12a7 7 0 1 1-2-5", "M19.5 3.5V8H15"],
  search: ["M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "m16 16 4 4"],
  question: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "M9.5 9.5a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1 1-1.1 1.8", "M12 16.5v.1"],
  settings: ["M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
    "M12 3.5v2.4M12 18.1v2.4M3.5 12h2.4M18.1 12h2.4M6 6l1.7 1.7M16.3 16.3 18 18M18 6l-1.7 1.7M7.7 16.3 6 18"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M18.4 5.6l-1 1M6.6 17.4l-1 1"],
  thumbDown: ["M7 4.5h9.5l2.5 7v3h-6l1 5h-2l-5-7z", "M4 4.5h3v8H4z"],
  thumbUp: ["M7 19.5h9.5l2.5-7v-3h-6l1-5h-2l-5 7z", "M4 11.5h3v8H4z"],
  tool: ["M14.5 6.5a4 4 0 0 1 5-1.5l-3 3 .5 2 2 .5 3-3a4.5 4.5 0 0 1-6 5.5L9.5 19.5a2 2 0 0 1-3-3L13 10a4.5 4.5 0 0 1 1.5-3.5z"],
  upload: ["M12 15V4", "m7 8.5 5-5 5 5", "M5 19.5h14"],
  trash: ["M4.5 7h15", "M9 7V4.5h6V7", "m6.5 7 1 13h9l1-13", "M10.5 11v5M13.5 11v5"],
};

/** @typedef {keyof typeof shapes} IconName */

/**
 * A drawing that says nothing to a screen reader: the control around it carries the name.
 * @param {IconName} name
 */
export function icon(name) {
  const svg = document.createElementNS(svgNamespace, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  for (const shape of shapes[name]) {
    const path = document.createElementNS(svgNamespace, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}

/** The one filled shape: a square says "stop" without words. */
export function stopIcon() {
  const svg = icon("close");
  const square = document.createElementNS(svgNamespace, "rect");
  for (const [name, value] of Object.entries({ x: 7, y: 7, width: 10, height: 10, rx: 2, fill: "currentColor" })) {
    square.setAttribute(name, String(value));
  }
  svg.replaceChildren(square);
  return svg;
}
