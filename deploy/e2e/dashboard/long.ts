import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { decide } from "../../local/demo/main-job.ts";
import { type Activity, type Listed, newCompany, until } from "../company.ts";
import { plantDrafts } from "../drafts.ts";
import { STEP_MS, stateOf, type World } from "./desk.ts";

/** A draft of thirty thousand words and six hundred headings. */
const longText = (hours: string): string =>
  Array.from(
    { length: 600 },
    (_, index) =>
      `## Part ${index} مرحبا 🍞\n\n${`The dough **rests** for ${index % 20 === 0 ? hours : "twelve"} hours in a [cold room](https://mill.example/${index}). `.repeat(4)}`,
  ).join("\n\n");

/** Keeps the longest time in which a page takes no key. Text: this file isn't compiled for a browser. */
const WATCH = `window.__longest = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.__longest = Math.max(window.__longest, one.duration);
}).observe({ type: "longtask", buffered: true });`;
/** Milliseconds without an answer that somebody takes for a frozen page, on a machine that does other things besides. */
const FROZEN_MS = 2_000;

/** What a client does with a draft as long as a book's chapter. */
export function longJourneys(world: World): void {
  it("a draft of thirty thousand words is read, compared, commented and approved without a frozen page", {
    timeout: 150_000,
  }, async () => {
    const { client, reviewer, tenant } = world.company;
    const url = world.platform.databaseUrl("content", "app");
    const [ref = ""] = await plantDrafts(url, tenant, [{ title: "A long read", body: longText("two") }]);
    const now = async () =>
      (await client.get<{ activity: Activity }>(`/tenant/v1/activities/${ref}`)).body.activity;
    const review = `/dm/v1/tenants/${tenant}/reviews/${ref}`;
    await decide(reviewer, `${review}/approve`, await now());

    const page = await world.clara.context.newPage();
    page.setDefaultTimeout(STEP_MS);
    await page.addInitScript(WATCH);
    const told = async (what: string, at: Page) => {
      const longest = Number(await at.evaluate("window.__longest"));
      console.log(`thirty thousand words, ${what}: the page was busy for ${Math.round(longest)} ms at most`);
      expect(longest, what).toBeLessThan(FROZEN_MS);
      await at.evaluate("window.__longest = 0");
    };
    const seen = page.waitForResponse((answer) => answer.url().endsWith("/seen"));
    await page.goto(`${world.desk.address}/approvals?activity=${ref}`);
    await page.getByRole("heading", { name: /^Part 0 / }).waitFor();
    await page.getByRole("heading", { name: /^Part 599 / }).waitFor();
    await seen;
    await told("opened", page);

    // Sent back, written anew, and put right by the reviewer: the client gets what they read with a few words changed.
    const { version, contentHash } = await now();
    await client.post(`/tenant/v1/approvals/${ref}/reject`, { version, contentHash, note: "Shorter rests." });
    const again = await until("the new draft", 60_000, async () => {
      const item = await now();
      return item.status === "dm_review" ? item : undefined;
    });
    await reviewer.post(`${review}/edit-and-approve`, {
      version: again.version,
      contentHash: again.contentHash,
      title: "A long read",
      body: longText("ten"),
    });
    await page.goto(`${world.desk.address}/approvals?activity=${ref}`);
    await page.getByRole("button", { name: "What changed since version 1, which you read" }).click();
    await expect.poll(() => page.locator("ins").count(), { timeout: STEP_MS }).toBe(120);
    // Before anything reads all of the text: that keeps the page busy too.
    await told("compared", page);
    await page.getByText("120 words added, 120 taken out.").waitFor();
    expect(await page.locator("del").first().textContent()).toContain("two");
    // As it reads: no mark of Markdown stands in it.
    expect(await page.getByRole("tabpanel").getByText("**").count()).toBe(0);
    await page.getByRole("tab", { name: /Comments/ }).click();
    await page.getByLabel("Comment", { exact: true }).fill("Ten hours it is.");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("article").getByText("Ten hours it is.").waitFor();
    await page.close();

    const phone = await (await world.desk.open({ phone: true })).signIn(world.company.person);
    await phone.page.addInitScript(WATCH);
    const small = await phone.go(`/approvals?activity=${ref}`);
    await small.getByRole("heading", { name: /^Part 599 / }).waitFor();
    await small.getByRole("button", { name: /^What changed since version 1/ }).tap();
    await expect.poll(() => small.locator("ins").count(), { timeout: STEP_MS }).toBe(120);
    expect(await small.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await small
      .getByRole("region", { name: "Item" })
      .getByRole("button", { name: /^Approve(?! all)/ })
      .tap();
    await small.getByText("Approved “A long read”").waitFor();
    await told("on a phone", small);
    // Leaving the page sends what waits for its ten seconds.
    await small.goto(`${world.desk.address}/content`);
    await expect.poll(() => stateOf(world.company, ref), { timeout: STEP_MS }).not.toBe("client_review");
    expect(phone.complaints).toEqual([]);
    await phone.close();
  });

  it("a link to an item that doesn't wait any more says what became of it, and shows no other in its place", {
    timeout: 60_000,
  }, async () => {
    const item = world.take("social_post");
    await world.company.client.post(`/tenant/v1/approvals/${item.ref}/approve`, {
      version: item.version,
      contentHash: item.contentHash,
    });
    const page = await world.clara.go(`/approvals?activity=${item.ref}`);
    const pane = page.getByRole("region", { name: "Item" });
    await pane.getByRole("heading", { name: `“${item.title}” doesn’t wait for you` }).waitFor();
    expect(await page.getByRole("button", { name: /^Approve(?! all)/ }).count()).toBe(0);
    expect(await world.clara.violationsAtBothWidths()).toEqual([]);
    await page.keyboard.press("j");
    await pane.getByRole("button", { name: /^Approve(?! all)/ }).waitFor();
  });

  it("a link to an item beyond those that are loaded shows it before them", { timeout: 90_000 }, async () => {
    const company = await newCompany(world.platform);
    const drafts = await plantDrafts(
      world.platform.databaseUrl("content", "app"),
      company.tenant,
      Array.from({ length: 202 }, (_, index) => ({
        title: `Many ${index}`,
        body: "It rests.",
        promisedInMinutes: index,
        reviewed: true,
      })),
    );
    const seat = await (await world.desk.open()).signIn(company.person);
    const { body } = await company.client.get<Listed<Activity>>("/tenant/v1/approvals?pageSize=200");
    const waiting = body.items.map(({ ref }) => ref);
    const far = drafts.find((ref) => !waiting.includes(ref)) ?? "";
    const page = await seat.go(`/approvals?activity=${far}`);
    const title = `Many ${drafts.indexOf(far)}`;
    const pinned = page.getByRole("region", { name: "From the link" });
    await pinned.locator("a[aria-current]", { hasText: title }).waitFor();
    const pane = page.getByRole("region", { name: "Item" });
    await pane.getByRole("heading", { name: title }).first().waitFor();
    await pane.getByRole("button", { name: /^Approve(?! all)/ }).waitFor();
    expect(await seat.violations()).toEqual([]);
    await page.keyboard.press("j");
    await expect.poll(() => pinned.locator("a[aria-current]").count(), { timeout: STEP_MS }).toBe(0);
    await seat.close();
  });
}
