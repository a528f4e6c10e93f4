import { expect, it } from "vitest";
import { people } from "../../local/people.ts";
import { type DmHost, deskOf, STEP_MS, TEST_MS } from "./dm-desk.ts";

const PATIENT = { timeout: STEP_MS };

/** What reviewers shape beside drafts: skills, templates, their own filters. */
export function craftJourneys(host: () => DmHost): void {
  const { visit, asked, plant, sendBack } = deskOf(host);
  const at = (path: string) => `${host().platform.url("dm")}${path}`;

  it("writes a skill's next version, sees what a prompt becomes with it, publishes it, and runs are told it", {
    timeout: TEST_MS,
  }, async () => {
    const [{ page, context, complaints }, other] = await Promise.all([
      visit(people.reviewer),
      visit(people.reviewer),
    ]);
    /** Rejects a draft; answers with the question which skills the agent was told that writes it anew. */
    const writtenAnew = async (title: string) => {
      const [ref = ""] = await plant([{ title, body: "It rests.", promisedInMinutes: 9_000 }]);
      await sendBack(page, ref, "Warmer.");
      const path = `/api/dm/v1/tenants/${host().tenantRef}`;
      return async () => {
        const { items } = await asked<{ items: { ref: string; activityRef: string }[] }>(
          page,
          `${path}/runs`,
        );
        const run = items.find(({ activityRef }) => activityRef === ref);
        return run ? (await asked<{ items: unknown[] }>(page, `${path}/runs/${run.ref}/skills`)).items : [];
      };
    };
    await expect
      .poll(await writtenAnew("Told the old one"), PATIENT)
      .toEqual(expect.arrayContaining([expect.objectContaining({ name: "tone", number: 0 })]));
    await Promise.all([page.goto(at("/skills/tone")), other.page.goto(at("/skills/tone"))]);
    const text = page.getByLabel("Instructions");
    // Both read it before one of them changes it.
    await Promise.all([text.waitFor(), other.page.getByLabel("Instructions").waitFor()]);
    await text.fill("- Be warm.\n- Say it once.");
    await page.keyboard.press("Control+s");
    await page.getByText(/draft of/).waitFor();
    await page.getByRole("tab", { name: "Changes" }).click();
    await page.locator("ins", { hasText: "warm" }).waitFor();

    // Who didn't see it is told, and keeps their words.
    await other.page.getByLabel("Instructions").fill("- Be brief.");
    await other.page.getByRole("button", { name: "Keep draft" }).click();
    await other.page.getByText(/Somebody else has changed this skill/).waitFor();
    await other.page.getByRole("button", { name: "Look at theirs, keep my words here" }).click();
    expect(await other.page.getByLabel("Instructions").inputValue()).toBe("- Be brief.");
    await other.page.getByRole("button", { name: "Undo my changes" }).click();
    expect(await other.page.getByLabel("Instructions").inputValue()).toContain("Be warm.");
    await other.context.close();

    await page.goto(at("/skills/preview"));
    await page.getByText(/with the drafts: one section changes/).waitFor();
    await page.locator("ins", { hasText: "warm" }).waitFor();
    for (const title of ["Your role: Blog writer", "The client", "The task", "Your answer"])
      expect(await page.getByText(title, { exact: true }).count()).toBe(1);

    await page.goto(at("/skills/tone"));
    await page.getByRole("button", { name: "Publish…" }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("Drafts read cold.");
    await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText(/^Version 1 · told to/).waitFor();

    await expect
      .poll(await writtenAnew("Told the new one"), PATIENT)
      .toEqual(expect.arrayContaining([expect.objectContaining({ name: "tone", number: 1 })]));

    await page.getByRole("tab", { name: /History/ }).click();
    await page.getByText("Drafts read cold.").waitFor();
    await page.getByRole("button", { name: "Version 1", exact: true }).click();
    await page.locator("ins", { hasText: "warm" }).waitFor();
    await page.getByRole("button", { name: "Restore" }).click();
    expect(await text.inputValue()).toContain("brand voice comes first");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("publishes a template's steps, and says at the step what the pipeline has no way for", {
    timeout: TEST_MS,
  }, async () => {
    const { page, context, complaints } = await visit(people.reviewer);
    await page.goto(at("/templates?kind=social_post"));
    const steps = page.getByRole("list", { name: "Steps" }).getByRole("listitem");
    const publish = async (reason: string) => {
      await page.getByRole("button", { name: "Publish…" }).click();
      await page.getByRole("dialog").getByLabel("Reason").fill(reason);
      await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
    };
    await page.getByRole("button", { name: "Write later" }).click();
    await publish("Turned round.");
    await steps
      .filter({ hasText: "DM review" })
      .getByText(/can't come before write/)
      .waitFor();
    await page.getByRole("button", { name: "Undo my changes" }).click();
    await page.getByRole("button", { name: "Without brief" }).click();
    await page.getByText("3 → 2 credits an item").waitFor();
    await publish("Posts need no brief.");
    await page.getByText("Posts need no brief.").waitFor();
    await page.getByText(/^Version 1\. What has begun/).waitFor();
    expect(await steps.first().textContent()).toContain("Write");
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByText("2 → 3 credits an item").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("keeps a reviewer's filters for them, on whatever machine they sign in", {
    timeout: TEST_MS,
  }, async () => {
    await plant([{ title: "Sieved flour", body: "It rests.", promisedInMinutes: 8_000 }]);
    const first = await visit(people.reviewer);
    await first.page.goto(at("/queue"));
    await first.page.getByRole("button", { name: "Filter", exact: true }).click();
    await first.page.getByLabel("Words of the title").fill("Sieved");
    await first.page.getByText(/of this filter/).waitFor();
    await first.page.getByRole("button", { name: "Saved filters" }).click();
    await first.page.getByRole("menuitem", { name: "Save this filter…" }).click();
    await first.page.getByRole("dialog").getByLabel("Name").fill("Flour");
    await first.page.getByRole("dialog").getByText("Open the list with it").click();
    await first.page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await first.page.getByText("1 Flour").waitFor();
    await first.context.close();

    const { page, context, complaints } = await visit(people.reviewer);
    await page.goto(at("/queue"));
    await page.getByText("1 Flour").waitFor();
    await page.getByRole("button", { name: "Saved filters" }).click();
    await page.getByRole("menuitem", { name: "Forget “Flour”" }).click();
    await expect
      .poll(async () => (await asked<{ items: unknown[] }>(page, "/api/dm/v1/saved-filters")).items, PATIENT)
      .toEqual([]);
    await page.goto(at("/queue"));
    await page
      .getByText(/to review/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
}
