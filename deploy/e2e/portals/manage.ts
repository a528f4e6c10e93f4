import type { Browser, Page } from "playwright-core";
import { expect, it } from "vitest";
import { people } from "../../local/people.ts";
import { profile } from "../browser.ts";
import type { Platform } from "../harness.ts";
import { watchAsks } from "./asks.ts";
import { barriers, overflow } from "./readable.ts";

const STEP_MS = 30_000;
const PATIENT = { timeout: STEP_MS };
const PHONE = { width: 375, height: 812 };
const PAGES = [
  "/",
  "/tenants",
  "/runs",
  "/costs",
  "/agents",
  "/pauses",
  "/queues",
  "/dead-letters",
  "/audit",
  "/mails",
  "/people",
  "/security",
];
/** Each would run if it were taken for markup. */
const PAYLOADS = [
  `<img src=x onerror="window.ran=1">`,
  `"><svg/onload=window.ran=1>`,
  `<script>window.ran=1</script>`,
  `javascript:window.ran=1//`,
];

/** What a super admin does, on a platform that is already there. */
export function manageJourneys(host: () => { platform: Platform; browser: Browser }): void {
  async function signedIn(): Promise<{ page: Page; complaints: string[]; close: () => Promise<void> }> {
    const { platform, browser } = host();
    const context = await profile(browser);
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(platform.url("manage"));
    await page.getByLabel("E-mail").fill(people.superAdmin.email);
    await page.getByLabel("Password", { exact: true }).fill(people.superAdmin.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    return { page, complaints, close: () => context.close() };
  }
  const open = async (page: Page, path: string) => {
    await page.goto(`${host().platform.url("manage")}${path}`);
    await page.getByRole("main").waitFor();
    await expect.poll(() => page.getByRole("status", { name: "Loading" }).count(), PATIENT).toBe(0);
  };

  it("manage: every page can be read by everybody, in both themes, fits a phone, and comes with its answers", {
    timeout: 180_000,
  }, async () => {
    const { page, complaints, close } = await signedIn();
    const found: Record<string, unknown> = {};
    const asks = watchAsks(page);
    for (const path of PAGES) {
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
      await open(page, path);
      const light = await barriers(page);
      await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
      const dark = await barriers(page);
      const wide = page.viewportSize() ?? PHONE;
      await page.setViewportSize(PHONE);
      const over = await overflow(page);
      await page.setViewportSize(wide);
      if (light.length + dark.length + over > 0) found[path] = { light, dark, over };
    }
    expect(found).toEqual({});
    expect(await asks()).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  it("manage: holds agents back with a reason and lets them go on", { timeout: 60_000 }, async () => {
    const { page, close } = await signedIn();
    await open(page, "/pauses");
    await page.getByText("Nothing is paused").waitFor();
    await page.getByRole("button", { name: "Pause agents" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /Which role/ }).click();
    await page.getByRole("option", { name: "Blog writer" }).click();
    await dialog.getByLabel("Reason").fill("The drafts repeat themselves.");
    await dialog.getByRole("button", { name: "Pause", exact: true }).click();
    const row = page.getByRole("listitem").filter({ hasText: "The drafts repeat themselves." });
    await row.getByText("Blog writer of every tenant").waitFor();
    await row.getByRole("button", { name: "Let it go on" }).click();
    await page.getByText("Nothing is paused").waitFor();
    await close();
  });

  it("manage: signs a person out everywhere, with a reason, and their page comes to the sign-in", {
    timeout: 60_000,
  }, async () => {
    const { platform, browser } = host();
    const reviewer = await (await profile(browser)).newPage();
    await reviewer.goto(platform.url("dm"));
    await reviewer.getByLabel("E-mail").fill(people.reviewer.email);
    await reviewer.getByLabel("Password", { exact: true }).fill(people.reviewer.password);
    await reviewer.getByRole("button", { name: "Sign in" }).click();
    await reviewer.getByRole("navigation").first().waitFor();

    const { page, close } = await signedIn();
    await open(page, "/people");
    await page.getByLabel("Find a person").fill("rune");
    await page.getByRole("row", { name: /Rune/ }).getByRole("button").click();
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "Sign out" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Reason").fill("Their laptop is lost.");
    await dialog.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("Nowhere at the moment.").waitFor();
    // Their browser has a token that would hold for an hour.
    const queue = `${platform.url("dm")}/api/dm/v1/queue`;
    await expect.poll(async () => (await reviewer.request.get(queue)).status(), PATIENT).toBe(401);
    // Without a click there: the live connection ends with the session.
    await reviewer.waitForURL(/\/login\?ended=1/, PATIENT);
    await Promise.all([close(), reviewer.context().close()]);
  });

  it("manage: verifies a tenant's record and follows a trace through it", { timeout: 60_000 }, async () => {
    const { page, close } = await signedIn();
    await open(page, "/audit");
    await page.getByRole("button", { name: "Verify chain" }).click();
    await page.getByText(/^Intact: all \d/).waitFor();
    await page.getByRole("main").getByRole("listitem").first().getByRole("button").click();
    await page.getByRole("button", { name: "Follow the trace" }).click();
    await expect
      .poll(() => page.getByLabel("Reference or trace").inputValue(), PATIENT)
      .toMatch(/^[0-9a-f]{32}$/);
    await page.getByRole("main").getByRole("listitem").first().waitFor();
    await close();
  });

  it("manage: says that the platform doesn't answer, keeps what was there, and comes back by itself", {
    timeout: 60_000,
  }, async () => {
    const { page, close } = await signedIn();
    await page.getByText("Live", { exact: true }).waitFor({ state: "attached" });
    await page.route("**/api/admin/v1/queues*", (route) =>
      route.fulfill({
        status: 500,
        contentType: "application/json",
        body: JSON.stringify({ error: { code: "internal", message: "x", requestId: "REQ12345678" } }),
      }),
    );
    await page.getByRole("link", { name: "Queues" }).click();
    const alert = page.getByRole("main").getByRole("alert");
    await alert.getByText("Something went wrong on our side").waitFor();
    await alert.getByText("REQ12345678").waitFor();
    await page.unroute("**/api/admin/v1/queues*");
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("rowheader", { name: "tenancy-audit" }).first().waitFor();
    await close();
  });

  it("manage: what people have typed is shown, never run", { timeout: 90_000 }, async () => {
    const { page, complaints, close } = await signedIn();
    // A page takes `window.ran` with it when it goes, and a broken picture tells late: each says it when it happens.
    const ran: string[] = [];
    await page.exposeFunction("tellRan", (path: string) => ran.push(path));
    await page.addInitScript(
      "Object.defineProperty(window, 'ran', { set: () => { void window.tellRan(location.pathname); } })",
    );
    await open(page, "/tenants");
    for (const [index, payload] of PAYLOADS.entries()) {
      await page.getByRole("button", { name: "New tenant" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Company").fill(payload);
      await dialog.getByLabel("Owner's e-mail").fill(`payload-${index}@crumb-bakery.example`);
      await dialog.getByRole("button", { name: "Create" }).click();
      await dialog.waitFor({ state: "detached" });
    }
    await open(page, "/pauses");
    await page.getByRole("button", { name: "Pause agents" }).click();
    await page
      .getByRole("dialog")
      .getByLabel("Reason")
      .fill(PAYLOADS[0] ?? "");
    await page.getByRole("dialog").getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByText(PAYLOADS[0] ?? "", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Let it go on" }).click();
    for (const path of ["/", "/tenants", "/audit", "/agents", "/costs"]) await open(page, path);
    await open(page, "/tenants");
    for (const payload of PAYLOADS) await page.getByRole("row").getByText(payload, { exact: true }).waitFor();
    expect(ran).toEqual([]);
    expect(complaints).toEqual([]);
    // What would have run would have been told.
    await page.evaluate("window.ran = 1");
    await expect.poll(() => ran, PATIENT).toEqual(["/tenants"]);
    await close();
  });

  it("the gallery shows every component and every state, the same parts in both themes", {
    timeout: 60_000,
  }, async () => {
    const { platform, browser } = host();
    const context = await profile(browser);
    const page = await context.newPage();
    const seen: string[][] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.goto(`${platform.url("manage")}/ui`);
      await page.getByRole("heading", { name: "DiffView" }).waitFor();
      await page.getByText("Flour, water and time").waitFor();
      expect(await barriers(page)).toEqual([]);
      expect((await page.screenshot({ fullPage: true })).length).toBeGreaterThan(50_000);
      // An area without a size is a component that draws nothing.
      const parts = await page.evaluate(
        `[...document.querySelectorAll("[data-component]")].map((part) => part.dataset.component + (part.lastElementChild.getBoundingClientRect().height > 8 ? "" : ": empty"))`,
      );
      seen.push(parts as string[]);
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.filter((part) => part.endsWith(": empty"))).toEqual([]);
    expect(seen[0]?.length).toBeGreaterThan(25);
    await context.close();
  });
}
