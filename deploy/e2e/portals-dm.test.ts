import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../local/people.ts";
import { noBrowser, openBrowser, profile } from "./browser.ts";
import { type PlantedDraft, plantDrafts } from "./drafts.ts";
import { type Platform, platformForTests } from "./harness.ts";
import { barriers } from "./portals/readable.ts";

const SETUP_MS = 300_000;
const STEP_MS = 30_000;
const TEST_MS = 120_000;

/** Payloads that have run somewhere before, each marking the page when it does. */
const XSS = [
  "<script>window.__ran=1</script>",
  '<img src=x onerror="window.__ran=1">',
  '<svg onload="window.__ran=1">',
  "[press](javascript:window.__ran=1)",
  "[press](java\tscript:window.__ran=1)",
  '![x](x" onerror="window.__ran=1)',
  "<a href='data:text/html,<script>opener.__ran=1</script>'>x</a>",
  '<iframe srcdoc="<script>parent.__ran=1</script>"></iframe>',
  "`<img src=x onerror=window.__ran=1>`",
];

interface Desk {
  page: Page;
  context: BrowserContext;
  complaints: string[];
}

describe.skipIf(noBrowser)("the reviewers' portal in a real browser", () => {
  let platform: Platform;
  let browser: Browser;
  let tenantRef: string;
  beforeAll(async () => {
    [platform, browser] = await Promise.all([platformForTests({ portals: true, demo: true }), openBrowser()]);
    const desk = await visit(people.reviewer);
    const tenants = await asked<{ items: { ref: string }[] }>(desk.page, "/api/dm/v1/tenants");
    tenantRef = tenants.items[0]?.ref ?? "";
    await desk.context.close();
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  }, SETUP_MS);

  async function visit(person: { email: string; password: string }): Promise<Desk> {
    const context = await profile(browser);
    await context.addInitScript("addEventListener('mousedown', () => { window.__mouse = 1 }, true)");
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`${platform.url("dm")}/login`);
    await page.getByLabel("E-mail").fill(person.email);
    await page.getByLabel("Password", { exact: true }).fill(person.password);
    await page.keyboard.press("Enter");
    await page.getByRole("navigation").first().waitFor();
    return { page, context, complaints };
  }

  const asked = <T>(page: Page, path: string): Promise<T> =>
    page.evaluate(`fetch(${JSON.stringify(path)}).then((answer) => answer.json())`) as Promise<T>;
  const plant = (drafts: readonly PlantedDraft[]) =>
    plantDrafts(platform.databaseUrl("content", "app"), tenantRef, drafts);
  const draftOf = (page: Page) => page.getByRole("region", { name: "Draft" });
  const open = (page: Page, ref: string) => page.goto(`${platform.url("dm")}/queue?activity=${ref}`);
  /** Until the text that is decided on is there: then the keys work. */
  async function ready(page: Page, title: string) {
    await draftOf(page).getByRole("heading", { name: title, exact: true }).first().waitFor();
    const approve = draftOf(page).getByRole("button", { name: /^Approve/ });
    await expect.poll(() => approve.isEnabled(), { timeout: STEP_MS }).toBe(true);
  }

  it("reviews twenty drafts with the keyboard alone", { timeout: TEST_MS }, async () => {
    const titles = Array.from({ length: 20 }, (_, index) => `Keys ${String(index + 1).padStart(2, "0")}`);
    await plant(
      titles.map((title, index) => ({ title, body: `Text of ${title}.`, promisedInMinutes: index - 500 })),
    );
    const { page, context, complaints } = await visit(people.reviewer);
    await page.goto(`${platform.url("dm")}/queue`);
    let presses = 0;
    const press = (key: string) => {
      presses += 1;
      return page.keyboard.press(key);
    };
    const began = Date.now();
    for (const [index, title] of titles.entries()) {
      await ready(page, title);
      // The last two: what is rejected comes back, written anew, before what was promised later.
      if (index >= titles.length - 2) {
        await press("r");
        await page.getByRole("dialog").getByLabel("What should change?").waitFor();
        await press("Alt+2");
        await page.keyboard.type("Warmer.");
        await press("Control+Enter");
        await page.getByRole("dialog").waitFor({ state: "detached" });
      } else if (index % 10 === 6) {
        await press("e");
        await page.getByRole("textbox", { name: "Text of the draft" }).waitFor();
        await page.keyboard.type("Truly. ");
        const save = page.getByRole("button", { name: "Save and approve" });
        await expect.poll(() => save.isEnabled(), { timeout: STEP_MS }).toBe(true);
        await press("Control+Enter");
        await page.getByRole("region", { name: "Edit the draft" }).waitFor({ state: "detached" });
      } else await press("a");
    }
    const seconds = (Date.now() - began) / 1000;
    console.log(`twenty drafts: ${presses} keys but for typing, ${(seconds / 20).toFixed(1)} s a draft`);
    expect(presses).toBeLessThanOrEqual(26);
    expect(await page.evaluate("window.__mouse ?? 0")).toBe(0);
    const statsNow = () =>
      asked<{ days: { approved: number; edited: number; rejected: number }[]; reasons: unknown }>(
        page,
        "/api/dm/v1/review-stats?days=1",
      );
    // The last decisions are sent when their time to be undone is over.
    await expect
      .poll(async () => (await statsNow()).days[0], { timeout: STEP_MS })
      .toMatchObject({ approved: 16, edited: 2, rejected: 2 });
    const stats = await statsNow();
    expect(stats.reasons).toEqual([{ reason: "wrong_tone", count: 2 }]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("keeps an edit through a dropped network and an ended session", { timeout: TEST_MS }, async () => {
    const [ref = ""] = await plant([{ title: "Dropped", body: "It rests.", promisedInMinutes: -800 }]);
    const { page, context, complaints } = await visit(people.reviewer);
    await open(page, ref);
    await ready(page, "Dropped");
    await page.keyboard.press("e");
    const text = page.getByRole("textbox", { name: "Text of the draft" });
    await text.waitFor();
    await context.setOffline(true);
    await page.keyboard.type("Offline words. ");
    await page.getByText("No connection: kept on this machine").waitFor();
    await context.setOffline(false);
    await page.getByText(/words · Saved/).waitFor();

    await page.keyboard.type("More. ");
    await context.clearCookies();
    await page.reload();
    await page.waitForURL(/\/login/);
    await page.getByLabel("E-mail").fill(people.reviewer.email);
    await page.getByLabel("Password", { exact: true }).fill(people.reviewer.password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === "/queue");
    await open(page, ref);
    await ready(page, "Dropped");
    await page.keyboard.press("e");
    await page.getByText(/taken up from/).waitFor();
    expect(await text.textContent()).toContain("Offline words. More.");
    await page.keyboard.press("Escape");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("says a failure of the gateway as a sentence, and goes on when it is over", {
    timeout: TEST_MS,
  }, async () => {
    const { page, context } = await visit(people.reviewer);
    await platform.retire("gateway");
    try {
      await page.goto(`${platform.url("dm")}/queue`);
      const alert = page.getByRole("main").getByRole("alert").first();
      await alert.waitFor();
      expect(await alert.textContent()).toMatch(/[A-Z][^{}<>]+\./);
    } finally {
      await platform.restart("gateway");
    }
    await page.getByRole("button", { name: "Try again" }).first().click();
    const list = page.getByRole("navigation", { name: "To review" });
    await list.or(page.getByText("Nothing to review")).first().waitFor();
    await context.close();
  });

  it("never runs what a draft, a title, a brief or a comment brings along", {
    timeout: TEST_MS,
  }, async () => {
    // Three of them a draft: a title has an end, and so has a test's time.
    const sets = [XSS.slice(0, 3), XSS.slice(3, 6), XSS.slice(6)];
    const refs = await plant(
      sets.map((payloads, index) => ({
        title: `XSS ${index} ${payloads.join(" ")}`,
        body: payloads.map((payload) => `${payload}\n\nText ${payload} inside.\n\n- ${payload}\n`).join("\n"),
        brief: payloads.map((payload) => `# ${payload}\n\n${payload}`).join("\n\n"),
        comment: payloads.join("\n\n"),
        promisedInMinutes: 10_000 + index,
      })),
    );
    const { page, context, complaints } = await visit(people.reviewer);
    for (const ref of refs) {
      const item = await page.request.get(
        `${platform.url("dm")}/api/dm/v1/tenants/${tenantRef}/activities/${ref}`,
      );
      expect(item.status()).toBe(200);
      await page.goto(`${platform.url("dm")}/activities/${tenantRef}/${ref}`);
      await page.getByRole("tab", { name: /Comments/ }).click();
      await page.getByRole("tab", { name: "Brief" }).click();
      expect(await page.evaluate("window.__ran")).toBeUndefined();
      expect(
        await page.locator('a[href^="javascript" i], a[href^="data:" i], iframe, main script').count(),
      ).toBe(0);
    }
    await page.goto(`${platform.url("dm")}/queue`);
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByLabel("Words of the title").fill("XSS");
    await page.getByText(/of this filter/).waitFor();
    await page.getByRole("navigation", { name: "To review" }).getByRole("link").first().click();
    await page.keyboard.press("e");
    await page.getByRole("textbox", { name: "Text of the draft" }).waitFor();
    expect(await page.evaluate("window.__ran")).toBeUndefined();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("has no page with an accessibility violation, in either theme", { timeout: TEST_MS }, async () => {
    const { page, context, complaints } = await visit(people.reviewer);
    const [ref = ""] = await plant([
      {
        title: "Axe",
        body: "## A\n\nIt rests [1].\n\n- a\n",
        brief: "B",
        comment: "C",
        promisedInMinutes: -3_000,
      },
    ]);
    const pages = [
      `/queue?activity=${ref}`,
      "/activities",
      `/activities/${tenantRef}/${ref}`,
      "/runs",
      "/tenants",
      `/tenants/${tenantRef}`,
      "/stats",
      "/notifications",
      "/security",
    ];
    const found: string[] = [];
    const look = async (name: string) => {
      const here = await barriers(page);
      found.push(...here.map((one) => `${name}: ${one}`));
    };
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const path of pages) {
        await page.goto(`${platform.url("dm")}${path}`);
        await page.getByRole("main").waitFor();
        await page
          .getByRole("main")
          .getByRole("status", { name: "Loading" })
          .first()
          .waitFor({ state: "detached" });
        await look(`${path} ${colorScheme}`);
      }
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
