import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../local/people.ts";
import { noBrowser, openBrowser, profile } from "./browser.ts";
import { type Platform, platformForTests } from "./harness.ts";
import { manageJourneys } from "./portals/manage.ts";
import { barriers } from "./portals/readable.ts";

const SETUP_MS = 300_000;
const STEP_MS = 30_000;

interface Door {
  readonly portal: "dashboard" | "dm" | "manage";
  readonly person: { readonly email: string; readonly password: string };
}

const DOORS: readonly Door[] = [
  { portal: "dashboard", person: people.client },
  { portal: "dm", person: people.reviewer },
  { portal: "manage", person: people.superAdmin },
];

describe.skipIf(noBrowser)("the portals in a real browser", () => {
  let platform: Platform;
  let browser: Browser;
  beforeAll(async () => {
    [platform, browser] = await Promise.all([platformForTests({ portals: true, demo: true }), openBrowser()]);
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  }, SETUP_MS);

  /** A page of its own profile; what the browser itself complains about is kept. */
  async function visit(
    portal: string,
  ): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
    const context = await profile(browser);
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(platform.url(portal));
    return { page, context, complaints };
  }

  async function signIn(page: Page, person: { email: string; password: string }) {
    await page.getByLabel("E-mail").fill(person.email);
    await page.getByLabel("Password", { exact: true }).fill(person.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  it.each(DOORS)(
    "$portal: its person signs in, sees a screen without errors, and stays signed in",
    { timeout: 120_000 },
    async ({ portal, person }) => {
      const { page, context, complaints } = await visit(portal);
      await page.waitForURL(/\/login/);
      await signIn(page, person);
      await page.getByRole("navigation").first().waitFor();
      expect(page.url()).not.toContain("/login");
      await page.reload();
      await page.getByRole("navigation").first().waitFor();
      expect(page.url()).not.toContain("/login");
      const cookies = await context.cookies();
      expect(cookies.length).toBeGreaterThan(0);
      expect(cookies.filter((cookie) => !cookie.httpOnly || cookie.sameSite !== "Lax")).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it("takes what was typed before the page came alive", { timeout: 120_000 }, async () => {
    const context = await profile(browser);
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    let alive: () => void = () => undefined;
    const typed = new Promise<void>((resolve) => {
      alive = resolve;
    });
    await page.route(/\/_next\/static\/.*\.js/, async (route) => {
      await typed;
      await route.continue();
    });
    await page.goto(`${platform.url("dashboard")}/login`, { waitUntil: "commit" });
    await page.getByLabel("E-mail").fill(people.client.email);
    await page.getByLabel("Password", { exact: true }).fill(people.client.password);
    const button = page.getByRole("button", { name: "Sign in" });
    expect(await button.isEnabled()).toBe(false);
    alive();
    await button.click();
    await page.getByRole("navigation").first().waitFor();
    await context.close();
  });

  it("keeps a person out of a portal that isn't theirs, with the reason", { timeout: 120_000 }, async () => {
    const { page, context } = await visit("manage");
    await page.waitForURL(/\/login/);
    await signIn(page, people.client);
    await page.getByRole("alert").waitFor();
    expect(page.url()).toContain("/login");
    await context.close();
  });

  it("shows the seeded plan on the dashboard, readable for everybody", { timeout: 120_000 }, async () => {
    const { page, context } = await visit("dashboard");
    await page.waitForURL(/\/login/);
    await signIn(page, people.client);
    await page.getByRole("navigation").first().waitFor();
    await page.goto(`${platform.url("dashboard")}/plans`);
    await page
      .getByText(/^Content for /)
      .first()
      .waitFor();
    expect(await barriers(page)).toEqual([]);
    await context.close();
  });

  it("takes a plan from its approval to a published post, through both portals, without a reload", {
    timeout: 240_000,
  }, async () => {
    const client = await visit("dashboard");
    await client.page.waitForURL(/\/login/);
    await signIn(client.page, people.client);
    const dm = await visit("dm");
    await dm.page.waitForURL(/\/login/);
    await signIn(dm.page, people.reviewer);
    await dm.page.getByText("Nothing to review").waitFor();

    await client.page.getByRole("link", { name: "Plans", exact: true }).click();
    await client.page
      .getByText(/^Content for /)
      .first()
      .click();
    await client.page.getByRole("button", { name: "Approve plan" }).click();
    await client.page.getByRole("button", { name: "Approve and start" }).click();

    // The drafts come to the reviewer by themselves, while the agents write.
    const list = dm.page.getByRole("navigation", { name: "To review" });
    await dm.page.getByLabel("Being written").first().waitFor();
    const blog = list.getByText("blog post", { exact: false }).first();
    await blog.click();
    const draft = dm.page.getByRole("region", { name: "Draft" });
    await draft.getByText("Blog post", { exact: true }).waitFor();
    await draft.getByText("Offline draft: composed without a language model").waitFor();
    const title = ((await draft.getByRole("heading").first().textContent()) ?? "").trim();
    await draft.getByText("Version 1").waitFor();

    // The keys work once the text that is decided on is there.
    const reject = draft.getByRole("button", { name: /^Reject/ });
    await expect.poll(() => reject.isEnabled(), { timeout: STEP_MS }).toBe(true);
    await dm.page.keyboard.press("r");
    const dialog = dm.page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Reject" }).click();
    await dialog.getByText("Say what should change").waitFor();
    await dialog.getByLabel("What should change?").fill("Mention the wood oven.");
    await dialog.getByRole("button", { name: "Reject" }).click();
    await dm.page.getByText(`Rejected “${title}”`).waitFor();

    // Ten seconds to think better of it, then the agent writes again.
    await dm.page.getByText(`Rejected “${title}”`).waitFor({ state: "detached" });
    await list.locator('a[href^="/queue"]', { hasText: title }).click({ timeout: 60_000 });
    await draft.getByText("Version 2").waitFor();
    await draft.getByText("Mention the wood oven.").waitFor();
    await draft.getByRole("button", { name: /^Approve/ }).click();

    await client.page.getByRole("link", { name: /^Approvals/ }).click();
    const item = client.page.getByRole("region", { name: "Item" });
    await item.getByRole("heading", { name: title }).first().waitFor();
    await item.getByRole("button", { name: /^Approve/ }).click();
    await client.page.getByText(`Approved “${title}”`).waitFor();

    await client.page.getByRole("link", { name: "Content", exact: true }).click();
    await client.page.getByRole("table", { name: "Content" }).getByRole("link", { name: title }).click();
    const published = client.page.getByRole("link", { name: platform.addresses.sandboxSite });
    await published.waitFor({ timeout: 60_000 });
    const page = await fetch((await published.getAttribute("href")) ?? "");
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/wood oven/i);
    await client.page.getByText("6 of 6 done").waitFor();

    await client.page.keyboard.press("Control+k");
    const word = title.split(/\W+/).sort((a, b) => b.length - a.length)[0] ?? "";
    await client.page
      .getByRole("dialog")
      .locator("input")
      .fill(`${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}`);
    await client.page
      .getByRole("option", { name: title.slice(0, 20) })
      .filter({ hasText: "Blog post" })
      .first()
      .waitFor();

    expect(client.complaints).toEqual([]);
    expect(dm.complaints).toEqual([]);
    await Promise.all([client.context.close(), dm.context.close()]);
  });

  manageJourneys(() => ({ platform, browser }));
});
