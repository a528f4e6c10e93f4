import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sandboxUser, signIn } from "../local/demo/main-job.ts";
import { noBrowser, openBrowser } from "./browser.ts";
import { type Listed, until } from "./company.ts";
import { Desk, type Seat, STEP_MS, settled, type Theme } from "./dashboard/desk.ts";
import { type Platform, platformForTests } from "./harness.ts";
import { overflow } from "./portals/readable.ts";

const SETUP_MS = 300_000;

describe.skipIf(noBrowser)("a new client's onboarding in a real browser", () => {
  const stamp = Date.now().toString(36);
  const person = {
    name: "Olivia Onboarding",
    email: `olivia@onboarding-${stamp}.example`,
    password: `rye-and-barley-${stamp}`,
  };
  let platform: Platform;
  let browser: Browser;
  let desk: Desk;
  let laptop: Seat;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([
      platformForTests({ portals: true, envOf: { rag: { CRAWL_REST_SECONDS: "3" } } }),
      openBrowser(),
    ]);
    desk = new Desk(browser, platform);
    laptop = await desk.open();
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  }, SETUP_MS);

  /** What a pending button has announced is taken away seconds later; axe takes its remains for a picture. */
  async function barriersOf(seat: Seat): Promise<string[]> {
    const announced = seat.page.locator("[data-live-announcer] [role=img]");
    await until("announcements to be over", STEP_MS, async () =>
      (await announced.count()) === 0 ? true : undefined,
    );
    return seat.violations();
  }

  const heading = (seat: Seat, name: string) => seat.page.getByRole("heading", { name, exact: true });

  async function mailsTo(email: string) {
    const answer = await fetch(`${platform.addresses.mail}/api/messages?to=${encodeURIComponent(email)}`);
    return ((await answer.json()) as Listed<{ subject: string; text: string }>).items;
  }

  /** The address of the mailed link, at the portal. */
  async function mailedPath(): Promise<string> {
    return until("the verification mail", STEP_MS, async () => {
      const items = await mailsTo(person.email);
      return /\/verify-email\?token=[\w.~-]+/.exec(items[0]?.text ?? "")?.[0];
    });
  }

  it("goes from the sign-up over the website to a client context that names its sources", {
    timeout: 120_000,
  }, async () => {
    const { page } = laptop;
    await laptop.go("/register");
    await page.getByLabel("Your name").fill(person.name);
    await page.getByLabel("Company").fill("Crumb & Co");
    await page.getByLabel("E-mail").fill(person.email);
    await page.getByLabel("Password", { exact: true }).fill(person.password);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByText("We have sent a link to").waitFor();
    await laptop.go(await mailedPath());
    await page.getByText("Your address is confirmed.").waitFor();
    await until("the company", STEP_MS, () =>
      signIn(platform.addresses.gateway, person, "dashboard").catch(() => undefined),
    );
    await laptop.signIn(person);

    // A new company lands here by itself.
    await page.waitForURL(/\/onboarding/);
    await heading(laptop, "Company").waitFor();
    expect(await barriersOf(laptop)).toEqual([]);
    await page.getByRole("button", { name: "Save and go on" }).click();

    await heading(laptop, "Website").waitFor();
    await page.getByLabel("Address of your website").fill("not a website");
    await page.getByRole("button", { name: "Read my website" }).click();
    await page.getByText("an address like www.example.com").waitFor();
    await page.getByLabel("Address of your website").fill(platform.addresses.sandboxSite);
    await page.getByRole("button", { name: "Read my website" }).click();
    await page.getByRole("progressbar", { name: /^Reading / }).waitFor();
    await page.getByRole("link", { name: /Go on meanwhile|To the client context/ }).click();

    // The agent takes over when the last page is read; what it proposes comes without a reload.
    const summary = page.getByRole("textbox", { name: "What the company does" });
    await summary.waitFor();
    expect(await summary.inputValue()).toContain("Crumb & Co is a neighbourhood bakery");
    const sources = page.getByRole("list", { name: "Sources of What the company does" });
    expect(await sources.getByRole("link").first().getAttribute("href")).toContain("/about");
    expect(await page.getByRole("textbox", { name: "Products and services" }).inputValue()).toContain(
      "Saturday baking class",
    );
    expect(await barriersOf(laptop)).toEqual([]);

    await summary.fill("Crumb & Co mills its own rye and teaches home bakers.");
    await page.getByRole("button", { name: "Take over: Audience" }).click();
    await page.getByText("Taken over").waitFor();
    // What was corrected but not taken over yet is still there.
    expect(await summary.inputValue()).toBe("Crumb & Co mills its own rye and teaches home bakers.");
    await heading(laptop, "Client context").click();
    await page.keyboard.press("a");
    await heading(laptop, "Channels").waitFor();

    const client = await signIn(platform.addresses.gateway, person, "dashboard");
    const { body } = await client.get<{ version: number; context: Record<string, unknown> }>(
      "/tenant/v1/context",
    );
    expect(body).toMatchObject({
      version: 2,
      context: {
        companySummary: "Crumb & Co mills its own rye and teaches home bakers.",
        website: expect.stringContaining("127.0.0.1"),
      },
    });
    const { body: feed } =
      await client.get<Listed<{ title: string; link: string }>>("/tenant/v1/notifications");
    expect(feed.items.filter(({ link }) => link === "/onboarding?step=context")).toMatchObject([
      { title: "Your client context is ready to read" },
    ]);
    const mails = await mailsTo(person.email);
    expect(mails.filter(({ subject }) => subject === "Your client context is ready to read")).toHaveLength(1);
    expect(laptop.complaints).toEqual([]);
  });

  it("has its website read again from the knowledge, and sees what has changed there", {
    timeout: 90_000,
  }, async () => {
    const { page } = laptop;
    const { username, applicationPassword } = sandboxUser;
    await fetch(`${platform.addresses.sandboxSite}/wp-json/wp/v2/posts`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Basic ${Buffer.from(`${username}:${applicationPassword}`).toString("base64")}`,
      },
      body: JSON.stringify({
        title: "Emmer is back",
        content: "<p>From Friday on there is an emmer loaf, baked with quince.</p>",
        status: "publish",
      }),
    });
    await laptop.go("/knowledge");
    await page.getByText(/^Last read .* pages? read/).waitFor();
    // Not before the site has had its rest.
    await page.getByRole("button", { name: /^Read again: / }).click();
    await page.getByText(/1 page added/).waitFor({ timeout: 45_000 });
    await page.getByRole("button", { name: "Show what changed" }).click();
    await page
      .getByRole("link", { name: /Emmer is back/ })
      .first()
      .waitFor();
    expect(await barriersOf(laptop)).toEqual([]);
    await page.getByLabel("A question").fill("What is the emmer loaf baked with?");
    await page.getByRole("button", { name: "Find passages" }).click();
    await page
      .getByText(/baked with quince/)
      .first()
      .waitFor();
    await laptop.go("/notifications");
    await page.getByText(/has changed since it was last read/).waitFor();
    await page.getByText(/1 page is new/).waitFor();
    expect(laptop.complaints).toEqual([]);
  });

  it("is gone on with on another device, readable in both themes and on a phone", {
    timeout: 90_000,
  }, async () => {
    for (const theme of ["light", "dark"] satisfies Theme[]) {
      const phone = await (await desk.open({ phone: true, theme })).signIn(person);
      await phone.page.waitForURL(/\/onboarding/);
      await heading(phone, "Channels").waitFor();
      for (const step of ["company", "website", "context", "channels", "plan"]) {
        await phone.go(`/onboarding?step=${step}`);
        await settled(phone.page);
        expect(await barriersOf(phone), `${step} in ${theme}`).toEqual([]);
        expect(await overflow(phone.page), `${step} in ${theme}`).toBe(0);
      }
      expect(phone.complaints).toEqual([]);
      await phone.close();
    }
  });

  it("says why a site can't be read, leaves steps out, and ends at home", { timeout: 60_000 }, async () => {
    const { page } = laptop;
    await laptop.go("/onboarding?step=website");
    await page.getByLabel("Address of your website").fill(platform.addresses.mail);
    await page.getByRole("button", { name: "Read it again" }).click();
    await page.getByText("The address is private or local.").first().waitFor();
    await laptop.go("/onboarding?step=channels");
    await page.getByRole("button", { name: "Connect one later" }).click();
    await heading(laptop, "Strategy and plan").waitFor();
    await page.getByRole("button", { name: "Plan later" }).click();
    await heading(laptop, "Website").waitFor();
    await page.getByRole("button", { name: "Later", exact: true }).click();
    await page.waitForURL((url) => url.pathname === "/");
    await page.getByRole("link", { name: "Your website could not be read: see why" }).waitFor();
    expect(laptop.complaints).toEqual([]);
  });
});
