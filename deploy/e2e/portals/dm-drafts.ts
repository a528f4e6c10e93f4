import { expect, it } from "vitest";
import { people } from "../../local/people.ts";
import { hireReviewer } from "../reviewers.ts";
import { type DmHost, deskOf, STEP_MS, TEST_MS } from "./dm-desk.ts";

/** A draft in several hands, on a line that drops. */
export function draftJourneys(host: () => DmHost): void {
  const { visit, asked, plant, open, ready } = deskOf(host);

  it("shows two reviewers who is at a draft, and keeps an edit that was overtaken", {
    timeout: TEST_MS,
  }, async () => {
    const [ref = ""] = await plant([{ title: "Two at one", body: "It rests.", promisedInMinutes: -9_000 }]);
    const second = await hireReviewer(host().platform, "Second", host().tenantRef);
    const ann = await visit(people.reviewer);
    await open(ann.page, ref);
    await ready(ann.page, "Two at one");
    const claimed = async () =>
      (await asked<{ items: { activityRef: string }[] }>(ann.page, "/api/dm/v1/claims")).items.some(
        (claim) => claim.activityRef === ref,
      );
    await expect.poll(claimed, { timeout: STEP_MS }).toBe(true);
    // Who comes second sees it at once; who was first is not told they are somebody else.
    const ben = await visit(second);
    await open(ben.page, ref);
    await ready(ben.page, "Two at one");
    await ben.page.getByText(/is at this draft, since/).waitFor();
    expect(await ann.page.getByText(/is at this draft, since/).count()).toBe(0);

    await ann.page.keyboard.press("e");
    await ann.page.getByRole("textbox", { name: "Text of the draft" }).waitFor();
    await ann.page.keyboard.type("Twelve hours. ");
    await ann.page.getByText(/words · Saved/).waitFor();

    await ben.page.keyboard.press("a");
    await ben.page
      .getByRole("dialog")
      .getByText(/They may be reading or editing it/)
      .waitFor();
    await ben.page.getByRole("button", { name: "Approve anyway" }).click();
    await ann.page.getByText("Somebody decided on this draft while you were editing.").waitFor();
    await ann.page.getByRole("button", { name: "Show what differs" }).click();
    await ann.page.locator("ins", { hasText: "Twelve" }).waitFor();
    // A reviewer who goes away lets go of what they were reading.
    const [next = ""] = await plant([{ title: "Let go", body: "It rests.", promisedInMinutes: -8_000 }]);
    await open(ben.page, next);
    await ready(ben.page, "Let go");
    const holders = async () =>
      (await asked<{ items: { activityRef: string }[] }>(ann.page, "/api/dm/v1/claims")).items.filter(
        (claim) => claim.activityRef === next,
      ).length;
    await expect.poll(holders, { timeout: STEP_MS }).toBe(1);
    await ben.page.goto("about:blank");
    await expect.poll(holders, { timeout: STEP_MS }).toBe(0);
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
}
