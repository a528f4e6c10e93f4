import type { profile } from "@leadmetrics/e2e/browser";

type Browser = Parameters<typeof profile>[0];
type Context = Awaited<ReturnType<typeof profile>>;
type State = Awaited<ReturnType<Context["storageState"]>>;

/** One look at a page with an empty cache. Times in milliseconds. */
export interface Visit {
  /** Over the wire, before the first interaction. */
  readonly scriptBytes: number;
  /** From the request to the first byte of the page. */
  readonly serverMs: number;
  readonly lcpMs: number;
  /** The slowest of a few keys and clicks. */
  readonly inpMs: number;
  /** The stream of events is none: it never ends. */
  readonly requests: number;
}

const STEP_MS = 60_000;
/** Without a request for this long a page counts as complete, */
const QUIET_MS = 700;
/** and after this long in any case. */
const COMPLETE_MS = 8_000;

/** Collects what the browser measures from the first moment on; text, as it runs there. */
const WATCH = `
  window.seen = { lcp: 0, slowest: 0 };
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.seen.lcp = entry.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (entry.interactionId) window.seen.slowest = Math.max(window.seen.slowest, entry.duration); })
    .observe({ type: "event", durationThreshold: 16, buffered: true });
`;

export async function signIn(
  browser: Browser,
  origin: string,
  person: { readonly email: string; readonly password: string },
): Promise<State> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  await page.goto(`${origin}/login`);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation").first().waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

export async function visit(browser: Browser, url: string, storageState: State): Promise<Visit> {
  const context = await browser.newContext({ storageState, viewport: { width: 1366, height: 860 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    await page.addInitScript(WATCH);
    let last = Date.now();
    let requests = 0;
    const sizes: Promise<number>[] = [];
    page.on("request", (request) => {
      last = Date.now();
      if (!request.url().endsWith("/events")) requests++;
    });
    page.on("requestfinished", (request) => {
      last = Date.now();
      if (request.resourceType() === "script")
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.goto(url, { waitUntil: "load" });
    const loaded = Date.now();
    while (Date.now() - last < QUIET_MS && Date.now() - loaded < COMPLETE_MS)
      await page.waitForTimeout(QUIET_MS / 4);
    const scriptBytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    const complete = requests;
    const [lcpMs, serverMs] = (await page.evaluate(
      `[window.seen.lcp, (([entry]) => entry.responseStart - entry.requestStart)(performance.getEntriesByType("navigation"))]`,
    )) as [number, number];
    // Twice: the first opening also loads what opens.
    for (let times = 0; times < 2; times++) {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").locator("input").waitFor();
      await page.keyboard.type("pla", { delay: 60 });
      await page.keyboard.press("ArrowDown");
      // The first empties the field, the second closes.
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.keyboard.press("Tab");
    await page.waitForTimeout(200);
    const inpMs = (await page.evaluate("window.seen.slowest")) as number;
    return { scriptBytes, serverMs, lcpMs, inpMs, requests: complete };
  } finally {
    await context.close();
  }
}
