import { expect, it } from "vitest";
import { decide } from "../../local/demo/main-job.ts";
import { activitiesIn } from "../company.ts";
import { STEP_MS, settled, stateOf, type World } from "./desk.ts";

/** Where a company wants to go: strategy, goals, plan, and home, which tells how it stands. */
export function directionJourneys(world: World): void {
  it("a strategy is written, approved, changed word by word, and approved again from home", {
    timeout: 90_000,
  }, async () => {
    const page = await world.clara.go("/strategy/new");
    await page.getByLabel("Name", { exact: true }).fill("Teach home bakers");
    const text = page.getByLabel("Strategy", { exact: true });
    await text.fill("Teach in public once a week.");
    await page.getByRole("button", { name: "Save the draft" }).click();
    const approve = page.getByRole("button", { name: "Approve", exact: true });
    await approve.click();
    await page.getByText("Approved. Plans can serve its goals now.").waitFor();
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByText("Saving makes a new version, which has to be approved again.").waitFor();
    await text.fill("Teach in public twice a week.");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("tab", { name: "Versions" }).click();
    await page.locator("ins", { hasText: "twice" }).waitFor();
    await page.locator("del", { hasText: "once" }).waitFor();
    // A button that was pressed is announced for some seconds, though it may be gone.
    await page.reload();
    await page.getByRole("tab", { name: "Versions" }).click();
    await page.locator("ins", { hasText: "twice" }).waitFor();
    expect(await world.clara.violationsAtBothWidths()).toEqual([]);

    await world.clara.go("/");
    await page.getByRole("link", { name: /Teach home bakers/ }).click();
    await approve.click();
    await page.getByText("Approved. Plans can serve its goals now.").waitFor();
  });

  it("home tells what waits, how goals stand, what is promised, and agents at work as they begin", {
    timeout: 120_000,
  }, async () => {
    const home = await world.clara.go("/");
    await settled(home);
    const section = (title: string) =>
      home.locator("section").filter({ has: home.getByRole("heading", { name: title, level: 2 }) });
    const waiting = section("Waiting for you");
    const item = world.items[0];
    await waiting
      .getByRole("link", { name: item?.title ?? "–" })
      .first()
      .waitFor();
    const burnUp = section("Goals").getByRole("img", { name: /^Published posts: \d+ of 24$/ });
    await burnUp.waitFor();
    await section("Goals")
      .getByRole("button", { name: /^Show the numbers: Published posts/ })
      .press("Enter");
    await section("Goals").getByRole("table").waitFor();
    await section("This period").getByText("0 of 5", { exact: false }).first().waitFor();
    await section("Agents at work").getByText("No agent is working", { exact: false }).waitFor();

    const page = await world.clara.context.newPage();
    page.setDefaultTimeout(STEP_MS);
    await page.goto(`${world.desk.address}/plans/new`);
    await page.getByLabel("Plan", { exact: true }).fill("Spelt weeks");
    await page.getByRole("button", { name: "Remove blog posts" }).click();
    const credits = page.getByRole("complementary", { name: "Credits" });
    await credits.getByText("This plan takes about 18 credits.").waitFor();
    await page.getByRole("button", { name: "Save the plan" }).click();
    await page.getByRole("button", { name: "Approve plan" }).waitFor();
    // Quantities are changed where the plan is approved, and the credits with them.
    const quantity = page.getByRole("textbox", { name: "Quantity" });
    await expect.poll(() => quantity.inputValue(), { timeout: STEP_MS }).toBe("6");
    for (let step = 0; step < 3; step += 1) await quantity.press("ArrowDown");
    await credits.getByText("This plan takes about 9 credits.").waitFor();
    const [before = 0, after = 0] =
      ((await credits.textContent()) ?? "")
        .replaceAll(",", "")
        .split("This plan")[0]
        ?.match(/\d+/g)
        ?.map(Number) ?? [];
    expect(before - after).toBe(9);
    await page.getByRole("button", { name: "Approve plan" }).click();
    await page.getByRole("dialog").getByText("3 items between", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Approve and start" }).click();

    // Without a reload: from the planner to the writers.
    await section("Agents at work").getByRole("progressbar").first().waitFor();
    const planRef = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    const { client, reviewer, tenant } = world.company;
    const drafts = await activitiesIn(client, planRef, "dm_review", 3, 90_000);
    for (const draft of drafts)
      await decide(reviewer, `/dm/v1/tenants/${tenant}/reviews/${draft.ref}/approve`, draft);
    await page.close();

    // All of a plan at once, and ten seconds to think better of it.
    const approvals = await world.clara.go(`/approvals?activity=${drafts[0]?.ref}`);
    const all = approvals.getByRole("button", { name: "Approve all 3" });
    await all.click();
    await approvals.getByText("Approved 3 items").waitFor();
    await approvals.getByRole("button", { name: "Undo" }).click();
    await all.click();
    await approvals.getByText("Approved 3 items").waitFor();
    await approvals.goto(`${world.desk.address}/plans/${planRef}`);
    for (const draft of drafts)
      await expect
        .poll(() => stateOf(world.company, draft.ref), { timeout: STEP_MS })
        .not.toBe("client_review");
    expect(world.clara.complaints).toEqual([]);
  });
}
