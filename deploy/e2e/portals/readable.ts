import axe from "axe-core";
import type { Page } from "playwright-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What stands between a page and everybody reading it, in the theme it shows now; nothing when it is readable. */
export async function barriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  // A colour on its way from one theme to the other belongs to neither: a changed theme is drawn first (transitions begin
  // with the next frame), then whatever moves is brought to its end. What never ends can't be finished.
  await page.evaluate(
    "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() => { for (const one of document.getAnimations()) { try { one.finish(); } catch (endless) { one.pause(); } } })",
  );
  // Text, not a function: this file isn't compiled for a browser. Without `resultTypes` axe also describes all that is well.
  return page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(RULES)}, resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes: [{ html, any }] }) => id + ": " + html + any.map(({ message }) => " (" + message + ")").join("")))`,
  );
}

/** How many pixels a page is wider than its window: what has to be dragged sideways on a phone. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
