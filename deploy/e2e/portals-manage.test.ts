import { mkdir } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Rest } from "../local/demo/rest.ts";
import { demoCompany, people } from "../local/people.ts";
import { noBrowser, openBrowser, profile } from "./browser.ts";
import { type Platform, platformForTests } from "./harness.ts";
import { paper } from "./paper.ts";
import { capJourneys } from "./portals/caps.ts";
import { barriers, overflow } from "./portals/readable.ts";

const SETUP_MS = 300_000;
const STEP_MS = 30_000;
const PATIENT = { timeout: STEP_MS };
const TEST_MS = 120_000;
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 375, height: 812 };
/** Folder that pictures of the screens go to, for people to look at. */
const PICTURES = process.env.LM_PICTURES;

describe.skipIf(noBrowser)("what super admins do for clients, in a real browser", () => {
  let platform: Platform;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    [platform, browser] = await Promise.all([platformForTests({ portals: true, demo: true }), openBrowser()]);
    context = await profile(browser);
    page = await newPage();
    await page.goto(platform.url("manage"));
    await page.getByLabel("E-mail").fill(people.superAdmin.email);
    await page.getByLabel("Password", { exact: true }).fill(people.superAdmin.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  }, SETUP_MS);

  const watched = (one: Page) => {
    one.setDefaultTimeout(STEP_MS);
    one.on("pageerror", (error) => complaints.push(String(error)));
    return one;
  };
  const newPage = async () => watched(await context.newPage());
  const open = async (path: string) => {
    await page.goto(`${platform.url("manage")}${path}`);
    await page.getByRole("main").waitFor();
    await expect.poll(() => page.getByRole("status", { name: "Loading" }).count(), PATIENT).toBe(0);
  };
  const openTenant = async () => {
    await open("/tenants");
    await page.getByRole("row", { name: demoCompany }).getByRole("button").click();
    await page.getByRole("heading", { name: "Plan and credits" }).waitFor();
  };
  /** Readable for everybody in both themes, and not wider than a phone. */
  async function readable(one: Page, name: string): Promise<void> {
    const found: Record<string, unknown> = {};
    for (const colorScheme of ["light", "dark"] as const) {
      await one.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const size of [DESK, PHONE]) {
        await one.setViewportSize(size);
        const wrong = [
          ...(await barriers(one)),
          ...((await overflow(one)) > 0 ? ["wider than its window"] : []),
        ];
        if (wrong.length > 0) found[`${colorScheme} ${size.width}`] = wrong;
        if (PICTURES) {
          await mkdir(PICTURES, { recursive: true });
          await one.screenshot({ path: `${PICTURES}/${name}-${colorScheme}-${size.width}.png` });
        }
      }
    }
    await one.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await one.setViewportSize(DESK);
    expect(found, name).toEqual({});
  }

  capJourneys(() => ({ platform, browser, page }));

  it("looks at the dashboard in a client's place: a reason, a banner, nothing changed, and the client reads it", {
    timeout: TEST_MS,
  }, async () => {
    const reason = "The owner can't find their plan";
    await openTenant();
    await readable(page, "tenant");
    await page.getByRole("button", { name: /^Look as Clara/ }).click();
    const ask = page.getByRole("dialog");
    await ask.getByLabel("Reason").fill("too short");
    expect(await ask.getByRole("button", { name: "Go on" }).isDisabled()).toBe(true);
    await ask.getByLabel("Reason").fill(reason);
    await ask.getByRole("button", { name: "Go on" }).click();
    const [tab] = await Promise.all([
      context.waitForEvent("page"),
      page.getByRole("link", { name: "Open in a new tab" }).click(),
    ]);
    const looking = watched(tab);
    const strip = looking.getByRole("region", { name: "Looking in a client's place" });
    await strip.getByText(reason, { exact: false }).waitFor();
    expect(looking.url()).not.toContain("ticket");
    await looking.getByRole("link", { name: "Plans", exact: true }).click();
    await looking
      .getByText(/^Content for /)
      .first()
      .click();
    await looking.getByRole("button", { name: "Approve plan" }).click();
    await looking.getByRole("button", { name: "Approve and start" }).click();
    await looking.getByText("nothing can be changed", { exact: false }).first().waitFor();
    await looking.keyboard.press("Escape");
    // Refused, not signed out.
    await strip.waitFor();
    await looking.goto(new URL("/", looking.url()).href);
    await strip.waitFor();
    await readable(looking, "looking");

    await strip.getByRole("button", { name: "End" }).click();
    await looking.getByRole("heading", { name: "You look no more" }).waitFor();
    const stale = await looking.request.get(new URL("/api/tenant/v1/plans", looking.url()).href);
    expect(stale.status()).toBe(401);
    await looking.close();

    const client = await profile(browser);
    const own = watched(await client.newPage());
    await own.goto(`${platform.url("dashboard")}/audit`);
    await own.getByLabel("E-mail").fill(people.client.email);
    await own.getByLabel("Password", { exact: true }).fill(people.client.password);
    await own.getByRole("button", { name: "Sign in" }).click();
    for (const said of [
      /began to look at the dashboard in the place of Clara.*The owner can't find their plan/,
      /PlansService.ApprovePlan was refused to .*The owner can't find their plan/,
      /looks no more in the place of Clara.*ended by the one who looked/,
    ])
      await own.getByText(said).first().waitFor();
    await client.close();
  });

  it("ends a look from the manage portal, and asks before somebody's own session in this browser is lost", {
    timeout: TEST_MS,
  }, async () => {
    const dashboard = platform.url("dashboard").replace("127.0.0.1", "localhost");
    const own = await newPage();
    await own.goto(dashboard);
    await own.getByLabel("E-mail").fill(people.client.email);
    await own.getByLabel("Password", { exact: true }).fill(people.client.password);
    await own.getByRole("button", { name: "Sign in" }).click();
    await own.getByRole("navigation").first().waitFor();
    await own.close();

    await open("/people");
    await page.getByLabel("Find a person").fill(people.client.email);
    await page.getByRole("row", { name: /Clara/ }).getByRole("button").click();
    await page.getByRole("button", { name: /^Look as Clara/ }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("They asked what a viewer sees");
    await page.getByRole("dialog").getByRole("button", { name: "Go on" }).click();
    const [tab] = await Promise.all([
      context.waitForEvent("page"),
      page.getByRole("link", { name: "Open in a new tab" }).click(),
    ]);
    const looking = watched(tab);
    await looking.getByRole("heading", { name: "This browser is signed in" }).waitFor();
    await looking.getByRole("button", { name: "Sign out and look" }).click();
    await looking.getByRole("region", { name: "Looking in a client's place" }).waitFor();
    await open("/people");
    await page.getByRole("button", { name: /^End the session of .* as Clara/ }).click();
    const plans = new URL("/api/tenant/v1/plans", looking.url()).href;
    await expect.poll(async () => (await looking.request.get(plans)).status(), PATIENT).toBe(401);
    // Without a click there: the live connection ends with the session.
    await looking.getByRole("heading", { name: "You look no more" }).waitFor();
    await looking.close();
  });

  it("finds a setting, sees what it becomes, tells all portals, and goes back to the default", {
    timeout: TEST_MS,
  }, async () => {
    await open("/settings");
    await readable(page, "settings");
    await page.getByLabel("Find a setting").fill("banner");
    expect(await page.getByRole("button", { name: /^Change / }).count()).toBe(1);
    await page.getByRole("button", { name: "Change Banner in all portals" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Text").fill("Back at nine.");
    await dialog.getByText("“Back at nine.”").waitFor();
    await readable(page, "setting");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("status").getByText("Back at nine.", { exact: true }).waitFor();
    await page.getByText(/^Changed by Ada/).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Change Banner in all portals" }).click();
    await dialog.getByRole("button", { name: "Reset to Nothing" }).click();
    await expect.poll(() => page.getByText("Back at nine.", { exact: true }).count(), PATIENT).toBe(0);

    await open("/settings");
    await page.getByRole("button", { name: "Change Drag in the calendar" }).click();
    await dialog.getByRole("textbox", { name: "Percent of the tenants" }).fill("0");
    await dialog.getByRole("textbox", { name: "Percent of the tenants" }).press("Tab");
    await dialog.getByText("0 %", { exact: true }).waitFor();
    await readable(page, "feature");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("0 % of the tenants", { exact: true }).waitFor();
    const client = new Rest(platform.addresses.gateway);
    const { email, password } = people.client;
    const signedIn = await client.post<{ accessToken: string }>("/auth/v1/login", {
      email,
      password,
      portal: "dashboard",
    });
    client.token = signedIn.body.accessToken;
    await expect
      .poll(async () => (await client.get<{ items: string[] }>("/tenant/v1/features")).body.items, PATIENT)
      .toEqual(["bundle_approvals"]);

    await page.getByRole("button", { name: "Change Sign-up is open" }).click();
    await dialog.getByRole("switch").press("Space");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    const stranger = watched(await (await profile(browser)).newPage());
    await stranger.goto(`${platform.url("dashboard")}/register`);
    await stranger.getByText("New companies can't sign up at the moment.", { exact: false }).waitFor();
    const answer = await fetch(`${platform.addresses.gateway}/auth/v1/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        email: "late@bakery.example",
        name: "Late",
        password: "linseed-and-sunflower-27",
        companyName: "Late Bakery",
      }),
    });
    expect(await answer.json()).toMatchObject({ error: { code: "sign_up_closed" } });
    await stranger.context().close();
  });

  it("puts a contract before a company, sees that it waits, and nothing but a PDF goes out", {
    timeout: TEST_MS,
  }, async () => {
    await openTenant();
    await page.getByRole("button", { name: "Upload a contract…" }).click();
    const dialog = page.getByRole("dialog");
    const choose = async (name: string, content: Buffer) => {
      const chooser = page.waitForEvent("filechooser");
      await dialog.getByRole("button", { name: "choose files" }).click();
      await (await chooser).setFiles({ name, mimeType: "application/pdf", buffer: content });
    };
    await choose("agreement.pdf", Buffer.from("not a PDF at all"));
    await dialog.getByText("This is not a PDF", { exact: false }).waitFor();
    expect(await dialog.getByRole("button", { name: "Put before the company" }).isDisabled()).toBe(true);
    await choose("Agreement 2027.pdf", paper("What we agree on."));
    await dialog.getByRole("link", { name: "Read it before it goes out" }).waitFor();
    await dialog.getByLabel("Title").fill("Agreement of 2027");
    await readable(page, "contract");
    await dialog.getByRole("button", { name: "Put before the company" }).click();
    const row = page.getByRole("list", { name: "Contracts" }).getByRole("listitem").first();
    await row.getByText("Waits for its yes").waitFor();
    await row.getByRole("button", { name: "Show Agreement of 2027" }).click();
    const shown = await page.getByTitle("The contract: Agreement of 2027").getAttribute("src");
    const document = await page.request.get(new URL(shown ?? "", page.url()).href.split("#")[0] ?? "");
    expect(document.headers()["content-type"]).toBe("application/pdf");
    await page.keyboard.press("Escape");
  });

  it("changes a plan, suspends a company and brings it back, mails an example, and shows the keys", {
    timeout: TEST_MS,
  }, async () => {
    await openTenant();
    await page.getByRole("button", { name: "Change plan…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /Plan/ }).first().click();
    await page.getByRole("option", { name: /Agency/ }).click();
    await dialog.getByRole("button", { name: "Change plan" }).click();
    await page.getByText("The plan is Agency now.").waitFor();

    for (const [verb, state] of [
      ["Suspend", "Suspended"],
      ["Reactivate", "Active"],
    ] as const) {
      await page.getByRole("button", { name: `${verb}…` }).click();
      await dialog.getByLabel("Reason").fill("The invoice is late, then it was paid.");
      await dialog.getByRole("button", { name: verb, exact: true }).click();
      await page.getByRole("main").getByText(state, { exact: true }).first().waitFor();
    }

    await open("/mails");
    await page.getByRole("button", { name: "Something was published" }).click();
    await page.getByRole("button", { name: "Send me a test" }).click();
    const inbox = `${platform.addresses.mail}/api/messages?to=${people.superAdmin.email}&subject=%5BTest%5D&waitMs=10000`;
    const { items } = (await (await fetch(inbox)).json()) as { items: { subject: string }[] };
    expect(items.map((mail) => mail.subject)).toContain(
      '[Test] "Why sourdough takes three days" is published on Crumb bakery blog and Crumb shop',
    );

    await page.getByRole("heading", { name: "Mails", level: 1 }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).getByText("Dead letters").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "detached" });
    await page.keyboard.press("g");
    await page.keyboard.press("q");
    await page.waitForURL(/\/queues$/);
    expect(complaints).toEqual([]);
  });
});
