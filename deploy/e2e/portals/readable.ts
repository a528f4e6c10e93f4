import axe from "axe-core";
import type { Page } from "playwright-core";

/** What stands between a page and everybody reading it, in the theme it shows now; nothing when it is readable. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // A colour on its way from one theme to the other belongs to neither; what never ends can't be finished.
  await page.evaluate(
    "for (const one of document.getAnimations()) { try { one.finish(); } catch (endless) { one.pause(); } }",
  );
  // Text, not a function: this file isn't compiled for a browser.
  return page.evaluate(
    `axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`,
  );
}

/** How many pixels a page is wider than its window: what has to be dragged sideways on a phone. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
