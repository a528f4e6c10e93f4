import { TOTP } from "otpauth";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../local/people.ts";
import { noBrowser, openBrowser, profile } from "./browser.ts";
import { until } from "./company.ts";
import { type Platform, platformForTests } from "./harness.ts";
import { barriers } from "./portals/readable.ts";

const SETUP_MS = 300_000;
const STEP_MS = 30_000;
const TOTP_STEP_MS = 30_000;

describe.skipIf(noBrowser)("signing in with more than a password, in a real browser", () => {
  let platform: Platform;
  let browser: Browser;
  beforeAll(async () => {
    [platform, browser] = await Promise.all([platformForTests({ portals: true, demo: true }), openBrowser()]);
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  }, SETUP_MS);

  /** Browsers keep passkeys for host names, not for addresses. */
  const dashboard = () => platform.url("dashboard").replace("127.0.0.1", "localhost");

  /** A person's browser, with a built-in authenticator that always recognises them. */
  async function laptop(): Promise<{ page: Page; context: BrowserContext; passkeys: () => Promise<number> }> {
    const context = await profile(browser);
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    const devtools = await context.newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    const passkeys = async () =>
      (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length;
    await page.goto(dashboard());
    await page.waitForURL(/\/login/);
    return { page, context, passkeys };
  }

  async function givePassword(page: Page) {
    await page.getByLabel("E-mail").fill(people.client.email);
    await page.getByLabel("Password", { exact: true }).fill(people.client.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  const isIn = (page: Page) => page.getByRole("navigation", { name: "Main" }).first().waitFor();

  async function security(page: Page) {
    await page.getByRole("link", { name: "Security" }).first().click();
    await page.getByRole("heading", { name: "Passkeys" }).waitFor();
  }

  async function signOut(page: Page) {
    await page.goto(dashboard());
    await page.getByRole("button", { name: people.client.name }).first().click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/\/login/);
  }

  it("makes a passkey, signs in with it alone, and no more once it is removed", {
    timeout: 180_000,
  }, async () => {
    const { page, context, passkeys } = await laptop();
    await givePassword(page);
    await isIn(page);
    await security(page);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Test laptop");
    await dialog.getByLabel("Your password").fill(people.client.password);
    await dialog.getByRole("button", { name: "Continue" }).click();
    await page.getByText("The passkey is kept.").waitFor();
    expect(await passkeys()).toBe(1);

    await signOut(page);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await isIn(page);
    await security(page);
    const row = page.getByRole("list", { name: "Passkeys" }).getByRole("listitem");
    await row.getByText("Test laptop").waitFor();

    await page.getByRole("button", { name: "Remove Test laptop" }).click();
    await dialog.getByLabel("Your password").fill("not my password");
    await dialog.getByRole("button", { name: "Remove" }).click();
    await dialog.getByText("This is not your present password.").waitFor();
    await dialog.getByLabel("Your password").fill(people.client.password);
    await dialog.getByRole("button", { name: "Remove" }).click();
    await page.getByText("None yet.").waitFor();
    await until("a mail about each change", STEP_MS, async () => {
      const to = encodeURIComponent(people.client.email);
      const response = await fetch(`${platform.addresses.mail}/api/messages?to=${to}`);
      const { items } = (await response.json()) as { items: { text: string }[] };
      const told = (what: string) => items.some(({ text }) => text.includes(what));
      return (told("a passkey was added") && told("a passkey was removed")) || undefined;
    });

    await signOut(page);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByText("This passkey can't be used here.").waitFor();
    expect(page.url()).toContain("/login");
    await context.close();
  });

  it("asks for the app's code after the password, and takes a recovery code once", {
    timeout: 180_000,
  }, async () => {
    const { page, context } = await laptop();
    await givePassword(page);
    await isIn(page);
    await security(page);
    await page.getByRole("button", { name: "Set up" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Your password").fill(people.client.password);
    await dialog.getByRole("button", { name: "Continue" }).click();
    await dialog.getByRole("img", { name: /QR code/ }).waitFor();
    const secret = ((await dialog.locator("code").textContent()) ?? "").replace(/\s/g, "");
    const totp = new TOTP({ secret });
    await dialog.getByLabel("Code of your app").fill(totp.generate({ timestamp: Date.now() - TOTP_STEP_MS }));
    await dialog.getByRole("button", { name: "Turn on" }).click();
    const list = dialog.getByRole("list", { name: "Recovery codes" });
    // Reading them all doesn't wait for them.
    await list.waitFor();
    const codes = await list.getByRole("listitem").allTextContents();
    expect(codes).toHaveLength(10);
    await dialog.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("10 recovery codes are left.").waitFor();

    await signOut(page);
    await givePassword(page);
    await page.getByLabel("Code of your authenticator app").fill("000000");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This code is wrong").waitFor();
    await page.getByLabel("Code of your authenticator app").fill(totp.generate());
    await page.getByRole("button", { name: "Sign in" }).click();
    await isIn(page);

    await signOut(page);
    await givePassword(page);
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill((codes[0] ?? "").toLowerCase());
    await page.getByRole("button", { name: "Sign in" }).click();
    await isIn(page);
    await security(page);
    await page.getByText("9 recovery codes are left.").waitFor();

    await page.getByRole("button", { name: "Turn off" }).click();
    await dialog.getByLabel("Your password").fill(people.client.password);
    await dialog.getByLabel("Code of your app").fill(codes[1] ?? "");
    await dialog.getByRole("button", { name: "Turn off" }).click();
    await page.getByRole("button", { name: "Set up" }).waitFor();
    await context.close();
  });

  it("shows where one is signed in, and ends it there", { timeout: 180_000 }, async () => {
    const here = await laptop();
    await givePassword(here.page);
    await isIn(here.page);
    const there = await laptop();
    await givePassword(there.page);
    await isIn(there.page);

    await security(here.page);
    const sessions = here.page.getByRole("list", { name: "Sessions" });
    await sessions.getByText("This one").waitFor();
    await here.page.getByRole("button", { name: "Sign out everywhere else" }).click();
    await expect.poll(() => sessions.getByRole("listitem").count(), { timeout: STEP_MS }).toBe(1);
    // Without a click there: the live connection ends with the session.
    await there.page.waitForURL(/\/login\?ended=1/);

    expect(await barriers(here.page)).toEqual([]);
    await Promise.all([here.context.close(), there.context.close()]);
  });
});
