import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../local/people.ts";
import { noBrowser, openBrowser, profile } from "./browser.ts";
import { type PlantedDraft, plantDrafts } from "./drafts.ts";
import { type Platform, platformForTests } from "./harness.ts";
import { hireReviewer } from "./reviewers.ts";

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
  const waiting = async (page: Page, title: string): Promise<number> =>
    (await asked<{ total: number }>(page, `/api/dm/v1/queue?pageSize=1&title=${encodeURIComponent(title)}`))
      .total;
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
      if (index % 10 === 3) {
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
    await expect.poll(() => waiting(page, "Keys "), { timeout: STEP_MS }).toBe(0);
    expect(await page.evaluate("window.__mouse ?? 0")).toBe(0);
    const stats = await asked<{
      days: { approved: number; edited: number; rejected: number }[];
      reasons: unknown;
    }>(page, "/api/dm/v1/review-stats?days=1");
    expect(stats.days[0]).toMatchObject({ approved: 16, edited: 2, rejected: 2 });
    expect(stats.reasons).toEqual([{ reason: "wrong_tone", count: 2 }]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("shows two reviewers who is at a draft, and keeps an edit that was overtaken", {
    timeout: TEST_MS,
  }, async () => {
    const [ref = ""] = await plant([{ title: "Two at one", body: "It rests.", promisedInMinutes: -900 }]);
    const second = await hireReviewer(platform, "Second", tenantRef);
    const [ann, ben] = await Promise.all([visit(people.reviewer), visit(second)]);
    await open(ann.page, ref);
    await ready(ann.page, "Two at one");
    const claimed = async () =>
      (await asked<{ items: { activityRef: string }[] }>(ann.page, "/api/dm/v1/claims")).items.some(
        (claim) => claim.activityRef === ref,
      );
    await expect.poll(claimed, { timeout: STEP_MS }).toBe(true);
    await open(ben.page, ref);
    await ready(ben.page, "Two at one");
    await ben.page.getByText(/is at this draft, since/).waitFor();

    await ann.page.keyboard.press("e");
    await ann.page.getByRole("textbox", { name: "Text of the draft" }).waitFor();
    await ann.page.keyboard.type("Twelve hours. ");
    await ann.page.getByText("Saved").waitFor();

    await ben.page.keyboard.press("a");
    await ben.page
      .getByRole("dialog")
      .getByText(/is at this draft/)
      .waitFor();
    await ben.page.getByRole("button", { name: "Approve anyway" }).click();
    await ann.page.getByText("Somebody decided on this draft while you were editing.").waitFor();
    await ann.page.getByRole("button", { name: "Show what differs" }).click();
    await ann.page.locator("ins", { hasText: "Twelve" }).waitFor();
    expect([...ann.complaints, ...ben.complaints]).toEqual([]);
    await Promise.all([ann.context.close(), ben.context.close()]);
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
    platform.kill("content");
    await page.goto(`${platform.url("dm")}/queue`);
    const alert = page.getByRole("main").getByRole("alert").first();
    const list = page.getByRole("navigation", { name: "To review" });
    await alert.or(list).first().waitFor();
    if (await alert.isVisible()) {
      expect(await alert.textContent()).toMatch(/[A-Z][^{}<>]+\./);
      await platform.ready("content");
      await page.getByRole("button", { name: "Try again" }).first().click();
    }
    await platform.ready("content");
    await page.reload();
    await list.or(page.getByText("Nothing to review")).first().waitFor();
    await context.close();
  });

  it("never runs what a draft, a title, a brief or a comment brings along", {
    timeout: TEST_MS,
  }, async () => {
    const refs = await plant(
      XSS.map((payload, index) => ({
        title: `XSS ${index} ${payload}`,
        body: `${payload}\n\nText ${payload} inside.\n\n- ${payload}\n`,
        brief: `# ${payload}\n\n${payload}`,
        comment: payload,
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
    await open(page, refs[0] ?? "");
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

  it("stays quick with ten thousand drafts and with one of thirty thousand words", {
    timeout: TEST_MS,
  }, async () => {
    const [long = ""] = await plant([
      {
        title: "Long",
        body: Array.from(
          { length: 600 },
          (_, index) =>
            `## Part ${index} مرحبا 🍞\n\n${"The dough **rests** for twelve hours in a cold room. ".repeat(5)}`,
        ).join("\n\n"),
        promisedInMinutes: -2_000,
      },
      ...Array.from({ length: 10_000 }, (_, index) => ({
        title: `Many ${index}`,
        body: "It rests.",
        promisedInMinutes: 20_000 + index,
      })),
    ]);
    const { page, context, complaints } = await visit(people.reviewer);
    await open(page, long);
    await ready(page, "Long");
    expect(await page.locator("nav[aria-label='To review'] li").count()).toBeLessThan(80);
    await page.keyboard.press("e");
    const text = page.getByRole("textbox", { name: "Text of the draft" });
    await text.waitFor();
    const began = Date.now();
    await page.keyboard.type("Typed into it. ");
    await page.getByText(/words · Sav/).waitFor();
    console.log(`thirty thousand words: fifteen letters typed and handed on in ${Date.now() - began} ms`);
    await page.keyboard.press("Escape");
    await ready(page, "Long");
    for (let step = 0; step < 150; step += 1) await page.keyboard.press("j");
    await page.locator("nav[aria-label='To review'] li[aria-posinset='120']").waitFor({ state: "attached" });
    expect(await page.locator("nav[aria-label='To review'] li").count()).toBeLessThan(80);
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
      await page.evaluate(axe.source);
      // Text, not a function: this file isn't compiled for a browser.
      const here = (await page.evaluate(
        `axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`,
      )) as string[];
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
      await open(page, ref);
      await ready(page, "Axe");
      await page.keyboard.press("r");
      await page.getByRole("dialog").waitFor();
      await look(`reject ${colorScheme}`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.keyboard.press("e");
      await page.getByRole("textbox", { name: "Text of the draft" }).waitFor();
      await look(`edit ${colorScheme}`);
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
