import { findBrowser } from "@leadmetrics/local/browser";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

const found = process.env.LM_NO_BROWSER ? { missing: process.env.LM_NO_BROWSER } : findBrowser();

/** Why browser suites can't run on this machine; undefined when they can. For `describe.skipIf(noBrowser)`. */
export const noBrowser: string | undefined = "missing" in found ? found.missing : undefined;
if (noBrowser) console.log(`skipped: browser suites, ${noBrowser}`);

/** A real browser without a window. Close it in `afterAll`. */
export async function openBrowser(): Promise<Browser> {
  if ("missing" in found) throw new Error(`There is no browser: ${found.missing}`);
  return chromium.launch({
    executablePath: found.path,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
  });
}

/** A person's own browser profile, with English texts, on a laptop's screen. */
export function profile(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1366, height: 860 },
  });
}
