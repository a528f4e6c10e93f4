import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../local/people.ts";
import { noBrowser, openBrowser, profile } from "./browser.ts";
import { type Platform, platformForTests } from "./harness.ts";

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
    await page.evaluate(axe.source);
    // Text, not a function: this file isn't compiled for a browser.
    const found = await page.evaluate(
      `axe.run({ runOnly: ["wcag2a", "wcag2aa"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`,
    );
    expect(found).toEqual([]);
    await context.close();
  });
});
