import type { profile } from "@leadmetrics/e2e/browser";

type Browser = Parameters<typeof profile>[0];
type Context = Awaited<ReturnType<typeof profile>>;
type State = Awaited<ReturnType<Context["storageState"]>>;

/** One look at a page with an empty cache. Times in milliseconds. */
export interface Visit {
  /** Over the wire: the scripts the document names, without which the page is not alive. */
  readonly scriptBytes: number;
  /** With those the page fetches by itself before anybody touches it: parts of it, what an idle moment is used for. */
  readonly allScriptBytes: number;
  /** From the request to the first byte of the page. */
  readonly serverMs: number;
  readonly lcpMs: number;
  /** The slowest of a few keys and clicks. */
  readonly inpMs: number;
  /** How much of the screen moved by itself, times how far: the sum over the visit, 0 for none. */
  readonly shift: number;
  /** Before the first interaction. The stream of events is none: it never ends. */
  readonly requests: number;
}

const STEP_MS = 60_000;
/** Without a request for this long a page counts as complete, */
const QUIET_MS = 700;
/** and after this long in any case. */
const COMPLETE_MS = 8_000;

/** Collects what the browser measures from the first moment on; text, as it runs there. */
const WATCH = `
  window.seen = { lcp: 0, slowest: 0, shift: 0 };
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.seen.lcp = entry.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.shift += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
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
    const sizes: Promise<readonly [string, number]>[] = [];
    page.on("request", (request) => {
      last = Date.now();
      if (!request.url().endsWith("/events")) requests++;
    });
    page.on("requestfinished", (request) => {
      last = Date.now();
      if (request.resourceType() === "script")
        sizes.push(
          request.sizes().then(({ responseBodySize }) => [new URL(request.url()).pathname, responseBodySize]),
        );
    });
    const answer = await page.goto(url, { waitUntil: "load" });
    const loaded = Date.now();
    while (Date.now() - last < QUIET_MS && Date.now() - loaded < COMPLETE_MS)
      await page.waitForTimeout(QUIET_MS / 4);
    const document = (await answer?.text()) ?? "";
    const scripts = await Promise.all(sizes);
    const sum = (of: typeof scripts) => of.reduce((total, [, size]) => total + size, 0);
    const complete = requests;
    const [lcpMs, shift, serverMs] = (await page.evaluate(
      `[window.seen.lcp, window.seen.shift, (([entry]) => entry.responseStart - entry.requestStart)(performance.getEntriesByType("navigation"))]`,
    )) as [number, number, number];
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
    return {
      // Pages name their scripts without the origin, and without a slash before them.
      scriptBytes: sum(scripts.filter(([path]) => document.includes(path.slice(1)))),
      allScriptBytes: sum(scripts),
      serverMs,
      lcpMs,
      inpMs,
      shift,
      requests: complete,
    };
  } finally {
    await context.close();
  }
}
