// @ts-check

/**
 * Where the on-screen keyboard covers the page instead of shrinking it, the page is made as high as what
 * can be seen, so that the composer stays above the keyboard.
 */
export function keepAboveKeyboard() {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const fit = () => {
    const isPinched = viewport.scale > 1.01;
    const height = isPinched ? "100dvh" : `${viewport.height}px`;
    document.documentElement.style.setProperty("--visible-height", height);
  };
  viewport.addEventListener("resize", fit);
  fit();
}
