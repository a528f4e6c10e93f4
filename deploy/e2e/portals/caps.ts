import { mkdir } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { expect, it } from "vitest";
import { approvePlan } from "../../local/demo/main-job.ts";
import { people } from "../../local/people.ts";
import { profile } from "../browser.ts";
import { activitiesIn, type Company, type Listed, newCompany, quiet, runsOf, until } from "../company.ts";
import type { Platform } from "../harness.ts";
import { barriers, overflow } from "./readable.ts";

const STEP_MS = 30_000;
const PATIENT = { timeout: STEP_MS };
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 375, height: 812 };
/** Folder that pictures of the screens go to, for people to look at. */
const PICTURES = process.env.LM_PICTURES;

/** Caps and fallbacks, on a platform that is already there, by a super admin who is signed in. */
export function capJourneys(host: () => { platform: Platform; browser: Browser; page: Page }): void {
  const open = async (path: string): Promise<Page> => {
    const { page, platform } = host();
    await page.goto(`${platform.url("manage")}${path}`);
    await page.getByRole("main").waitFor();
    await expect.poll(() => page.getByRole("status", { name: "Loading" }).count(), PATIENT).toBe(0);
    return page;
  };

  it("caps a company: its work waits and says why, and goes on when the cap is raised from the overview", {
    timeout: 120_000,
  }, async () => {
    const { platform, browser } = host();
    const company = await newCompany(platform);
    const name = await nameOf(company);
    const page = await open(`/tenants/${company.tenant}`);
    const panel = page.getByRole("dialog", { name: "All agents, a month" });
    await page.getByRole("button", { name: "All agents, a month" }).click();
    await panel.getByText("The platform's default holds.", { exact: false }).waitFor();
    await panel.getByLabel("Runs").fill("some");
    await panel.getByRole("button", { name: "Store" }).click();
    await panel.getByText("A whole number, or nothing for no limit.").waitFor();
    await panel.getByLabel("Runs").fill("1");
    await panel.getByRole("button", { name: "Store" }).click();
    await panel.waitFor({ state: "detached" });
    await page
      .getByRole("row", { name: /All agents, a month/ })
      .getByRole("cell", { name: /of 1$/ })
      .waitFor();

    const plan = {
      title: "January",
      start: "2027-01-01",
      end: "2027-01-31",
      deliverables: [{ contentType: "blog_post", quantity: 1, theme: "Rye" }],
    };
    const { ref } = await approvePlan(company.client, plan, quiet);
    const waits = await until("a run that waits at the cap", STEP_MS, async () =>
      (await runsOf(company.client)).find((run) => run.status === "awaiting_credits"),
    );
    expect(waits.problem).toBe(
      "The month's cap on runs is reached: 1 of 1 run used. It goes on by itself when the cap is raised or the month turns.",
    );
    const inbox = `${platform.addresses.mail}/api/messages?to=${company.person.email}&subject=Agents%20wait&waitMs=20000`;
    const { items } = (await (await fetch(inbox)).json()) as { items: { subject: string }[] };
    expect(items.map((mail) => mail.subject)).toContain("Agents wait: the month's cap on runs is reached");

    await ownerSees(browser, platform, company);
    // Three runs write a post: the last of them brings its activity to this cap.
    await company.admin.put(`/admin/v1/tenants/${company.tenant}/budgets`, {
      scope: "activity",
      role: "",
      limits: { runs: 3 },
      version: 0,
    });

    // From what needs a person straight to the figure that holds it up.
    const overview = await open("/");
    const need = overview
      .getByRole("listitem")
      .filter({ hasText: name })
      .filter({ hasText: "At the month's cap" });
    await need.getByText("At the month's cap on runs: 1 of 1 used · 1 run waits").waitFor();
    await readable(overview, "overview-caps");
    await need.getByRole("link", { name: "Raise the cap" }).click();
    await panel.getByText("This tenant has its own caps here", { exact: false }).waitFor();
    await readable(page, "cap-panel");
    await panel.getByLabel("Runs").fill("40");
    await panel.getByRole("button", { name: "Store" }).click();
    await panel.waitFor({ state: "detached" });
    await activitiesIn(company.client, ref, "dm_review", 1, STEP_MS);
    expect((await runsOf(company.client)).filter((run) => run.status === "awaiting_credits")).toEqual([]);
    await activityAtCap(company, await open("/"), name);
    await open(`/tenants/${company.tenant}`);
    await page
      .getByRole("row", { name: /All agents, a month/ })
      .getByRole("cell", { name: /of 40$/ })
      .waitFor();
    await page
      .getByRole("row", { name: /All agents, a month/ })
      .getByText(/^Ada/)
      .waitFor();
    const trail = await company.admin.get<Listed<{ summary: string }>>(
      `/admin/v1/tenants/${company.tenant}/audit?pageSize=100`,
    );
    expect(trail.body.items.map((entry) => entry.summary)).toEqual(
      expect.arrayContaining([
        "The month's cap for this tenant: 1 run",
        "The month's cap for this tenant: 40 runs",
        "The month's cap by the tenant itself: 5,000,000 tokens",
      ]),
    );
    await readable(page, "tenant-caps");
  });

  it("says what roles go on with when their model does not answer, for everybody and for one company", {
    timeout: 90_000,
  }, async () => {
    const page = await open("/agents");
    await page.getByRole("tab", { name: "Fallbacks" }).click();
    const all = page.getByRole("row", { name: /All roles without their own/ });
    await all.getByRole("button").click();
    const panel = page.getByRole("dialog");
    await panel.getByRole("button", { name: "Add a model" }).click();
    await panel.getByRole("button", { name: /1\. Adapter/ }).click();
    await page.getByRole("option", { name: /Offline/ }).click();
    await panel.getByRole("button", { name: "Test fallback 1" }).click();
    await panel.getByRole("list", { name: "Test" }).getByLabel("Passed").first().waitFor();
    await readable(page, "fallback-panel");
    await panel.getByRole("button", { name: "Store fallback" }).click();
    await panel.waitFor({ state: "detached" });
    await all.getByText("Offline").waitFor();
    await page
      .getByRole("row", { name: /Blog writer/ })
      .getByText("Offline, as all roles")
      .waitFor();
    await page.reload();
    await page.getByRole("tab", { name: "Fallbacks" }).click();
    await all.getByText("Offline").waitFor();
    await readable(page, "fallbacks");

    await page.getByRole("tab", { name: "Configuration by tenant" }).click();
    const writer = page.getByRole("row", { name: /Blog writer/ });
    await writer.getByRole("button").click();
    await panel.getByText("The platform's default.", { exact: true }).waitFor();
    await panel.getByRole("button", { name: "Test fallback 1" }).click();
    await panel.getByRole("list", { name: "Test" }).getByLabel("Passed").first().waitFor();
    await panel.getByRole("button", { name: "Remove fallback 1" }).click();
    await panel.getByRole("button", { name: "Store fallback" }).click();
    await panel.waitFor({ state: "detached" });
    await writer.getByText("nothing", { exact: true }).waitFor();
    await writer.getByRole("button").click();
    await panel.getByText("Said for this tenant.").waitFor();
    await panel.getByRole("button", { name: "Follow the default again" }).click();
    await panel.waitFor({ state: "detached" });
    await writer.getByText("Offline", { exact: true }).first().waitFor();

    await page.reload();
    await page.getByRole("tab", { name: "Caps" }).click();
    await page.getByRole("row", { name: /One activity, in all/ }).waitFor();
    await readable(page, "default-caps");
  });

  /** An activity that has used what it may: on the overview, and with its runs. */
  async function activityAtCap({ client, tenant }: Company, page: Page, name: string): Promise<void> {
    const cap = /At the cap of “.+” on runs: 3 of 3 used/;
    await page.getByRole("listitem").filter({ hasText: name }).getByText(cap).waitFor();
    const [run] = (await runsOf(client)).filter(({ role }) => role === "blog-writer");
    await (await open(`/runs/${tenant}/${run?.ref}`)).getByText(cap).waitFor();
    await readable(page, "run-at-cap");
    const { platform, browser } = host();
    const activity = `${platform.url("dm")}/activities/${tenant}/${run?.activityRef}`;
    const { page: desk, context } = await signedIn(browser, activity, people.reviewer);
    await desk.getByRole("list", { name: "Caps" }).getByText(cap).waitFor();
    await readable(desk, "activity-at-cap");
    await context.close();
    const told = await client.get<Listed<{ title: string; link: string }>>("/tenant/v1/notifications");
    const near = told.body.items.find(({ title }) => /most of the cap of “/.test(title));
    expect(near?.link).toMatch(/^\/content\/\w+$/);
  }

  /** The company's owner: what is used, why work waits, and a cap of their own that can only be narrower. */
  async function ownerSees(browser: Browser, platform: Platform, company: Company): Promise<void> {
    const { page, context } = await signedIn(browser, `${platform.url("dashboard")}/billing`, company.person);
    await page.getByRole("heading", { name: "What agents may use" }).waitFor();
    await page
      .getByRole("status")
      .getByText("The month's cap on runs is reached", { exact: false })
      .waitFor();
    await page.getByRole("progressbar", { name: "Runs used or held, of the cap" }).waitFor();
    await readable(page, "billing-caps");
    await page.getByRole("button", { name: "Set your own cap…" }).click();
    const dialog = page.getByRole("dialog", { name: "Your own cap" });
    await dialog.getByLabel("Runs").fill("5");
    await dialog.getByRole("button", { name: "Store" }).click();
    await dialog.getByText("at most 1 run", { exact: false }).waitFor();
    await dialog.getByLabel("Runs").fill("");
    await dialog.getByLabel("Tokens").fill("5,000,000");
    await dialog.getByRole("button", { name: "Store" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("of 5,000,000", { exact: false }).waitFor();
    await page.getByText("your own cap", { exact: false }).first().waitFor();
    await page.goto(`${platform.url("dashboard")}/`);
    await page.getByText("1 run waits. The month's cap on runs is reached", { exact: false }).waitFor();
    await context.close();
  }
}

/** A portal's page as somebody sees it who has just signed in. */
async function signedIn(browser: Browser, url: string, who: { email: string; password: string }) {
  const context = await profile(browser);
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  await page.goto(url);
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(who.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  return { page, context };
}

async function nameOf({ client }: Company): Promise<string> {
  return (await client.get<{ name: string }>("/tenant/v1/tenant")).body.name;
}

/** Readable for everybody in both themes, and not wider than a phone. */
async function readable(page: Page, name: string): Promise<void> {
  const found: Record<string, unknown> = {};
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const size of [DESK, PHONE]) {
      await page.setViewportSize(size);
      const wrong = [
        ...(await barriers(page)),
        ...((await overflow(page)) > 0 ? ["wider than its window"] : []),
      ];
      if (wrong.length > 0) found[`${colorScheme} ${size.width}`] = wrong;
      if (PICTURES) {
        await mkdir(PICTURES, { recursive: true });
        await page.screenshot({ path: `${PICTURES}/${name}-${colorScheme}-${size.width}.png` });
      }
    }
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize(DESK);
  expect(found, name).toEqual({});
}
