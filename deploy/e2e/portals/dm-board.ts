import { expect, it } from "vitest";
import { people } from "../../local/people.ts";
import { signedIn } from "../isolation/people.ts";
import { type DmHost, deskOf, STEP_MS, TEST_MS } from "./dm-desk.ts";
import { overflow } from "./readable.ts";

const PATIENT = { timeout: STEP_MS };

/** What reviewers look at around a decision: what a draft was made from, the board, runs as they happen, their own figures. */
export function boardJourneys(host: () => DmHost): void {
  const { visit, asked, plant, open, ready, sendBack } = deskOf(host);
  const at = (path: string) => `${host().platform.url("dm")}${path}`;

  it("shows beside a draft what it was made from, and what no judgement is needed for", {
    timeout: TEST_MS,
  }, async () => {
    const body = "The rye dough rests for twelve hours in a cold room before it is shaped by hand. ".repeat(
      9,
    );
    const [ref = ""] = await plant([
      {
        title: "Looked at closely",
        body: `${body}\n\nSee [our page](https://crumb-bakery.example/rye) and TODO.`,
        brief: "# Brief\n\nFor people who bake on Saturdays.",
        comment: "Mind the mill.",
        promisedInMinutes: -30_000,
      },
      { title: "Looked at before", body, promisedInMinutes: 40_000 },
    ]);
    const { page, context, complaints } = await visit(people.reviewer);
    await open(page, ref);
    await ready(page, "Looked at closely");
    const beside = page.getByRole("complementary", { name: "Made from" });
    await page
      .getByRole("navigation", { name: "To review" })
      .locator("a[aria-current]")
      .getByText(/late$/)
      .waitFor();
    const checks = beside.getByRole("list", { name: "Checks" });
    for (const name of ["Length", "Keyword", "Headings", "Readability", "Nothing left to fill in"])
      await checks.getByText(name, { exact: true }).waitFor();
    await checks.getByText(/Nearly the same as “Looked at before”/).waitFor();
    await beside.getByText("For people who bake on Saturdays.").waitFor();
    const tab = (name: RegExp | string) => beside.getByRole("tab", { name }).click();
    await tab("Context");
    await beside.getByText("Warm, plain, a little proud of the craft.", { exact: false }).waitFor();
    await tab(/Comments/);
    await beside.getByText("Mind the mill.").waitFor();
    await tab(/Similar/);
    await beside
      .getByRole("link", { name: /Looked at before/ })
      .first()
      .waitFor();
    await tab("Timeline");
    await beside.getByText("Planned").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("keeps a filter of the board, opens the board with it, and goes over the cards by keys", {
    timeout: TEST_MS,
  }, async () => {
    await plant(
      ["one", "two"].map((which, index) => ({
        title: `Board ${which}`,
        body: "It rests.",
        promisedInMinutes: 50_000 + index,
      })),
    );
    const first = await visit(people.reviewer);
    await first.page.goto(at("/activities"));
    await first.page.getByLabel("Words of the title").fill("Board");
    const review = first.page.getByRole("region", { name: "Our review" });
    await expect.poll(() => review.getByRole("link").count(), PATIENT).toBe(2);
    await first.page.getByRole("button", { name: "Saved filters" }).click();
    await first.page.getByRole("menuitem", { name: "Save this filter…" }).click();
    const dialog = first.page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Boards");
    await dialog.getByText("Open the list with it").click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    const saved = () => asked<{ items: { name: string }[] }>(first.page, "/api/dm/v1/saved-filters");
    await expect.poll(async () => (await saved()).items.map(({ name }) => name), PATIENT).toContain("Boards");
    await first.context.close();

    // On another machine.
    const { page, context, complaints } = await visit(people.reviewer);
    await page.goto(at("/activities"));
    const cards = page.getByRole("region", { name: "Our review" }).getByRole("link");
    await expect.poll(() => cards.count(), PATIENT).toBe(2);
    expect(await page.getByLabel("Words of the title").inputValue()).toBe("Board");
    await cards.first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await ready(
      page,
      (await page.getByRole("region", { name: "Draft" }).getByRole("heading").first().textContent()) ?? "",
    );
    expect(new URL(page.url()).pathname).toBe("/queue");

    await page.goto(at("/activities"));
    await expect.poll(() => cards.count(), PATIENT).toBe(2);
    await page.getByRole("button", { name: "Saved filters" }).click();
    await page.getByRole("menuitem", { name: "Forget “Boards”" }).click();
    await expect
      .poll(async () => (await asked<{ items: unknown[] }>(page, "/api/dm/v1/saved-filters")).items, PATIENT)
      .toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("finds an activity by its title on the board, however many newer ones there are", {
    timeout: TEST_MS,
  }, async () => {
    await plant([
      { title: "Sought: 100% rye", body: "It rests.", promisedInMinutes: 70_000 },
      ...Array.from({ length: 120 }, (_, index) => ({
        title: `Crowd ${index}`,
        body: "It rests.",
        promisedInMinutes: 70_001 + index,
      })),
    ]);
    const { page, context, complaints } = await visit(people.reviewer);
    await page.goto(at("/activities"));
    const main = page.getByRole("main");
    await main.getByText("The newest 100 of each tenant are here.", { exact: false }).waitFor();
    expect(await main.getByText("Sought: 100% rye").count()).toBe(0);
    await page.getByLabel("Words of the title").fill("sought: 100%");
    await page
      .getByRole("region", { name: "Our review" })
      .getByRole("link", { name: /Sought/ })
      .waitFor();
    await page.getByLabel("Words of the title").fill("sought: 100_");
    await main.getByText("Nothing matches this filter").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("says at the approval of a draft that no client looks at after it, as soon as they have said so", {
    timeout: TEST_MS,
  }, async () => {
    const [ref = ""] = await plant([
      { title: "The last yes", body: "It rests.", promisedInMinutes: -40_000 },
    ]);
    const client = await signedIn(host().platform, people.client, "dashboard");
    const { page, context, complaints } = await visit(people.reviewer);
    const draft = page.getByRole("region", { name: "Draft" });
    const words = draft.getByText("Yours is the last yes. It goes to no channel.");
    await open(page, ref);
    await ready(page, "The last yes");
    expect(await words.count()).toBe(0);
    const set = async (skips: object[]) => {
      const { body } = await client.rest.get<{ version: number }>("/tenant/v1/client-review");
      await client.rest.put("/tenant/v1/client-review", { skips, version: body.version });
    };
    await set([{}]);
    try {
      await words.waitFor();
      await draft.getByText("No client review", { exact: true }).waitFor();
      await page.getByRole("checkbox", { name: "Pick The last yes" }).check();
      await page.getByText("1 without client review").waitFor();
      await page.getByRole("button", { name: "Clear" }).click();
      await page.keyboard.press("a");
      await page.getByText("Approved “The last yes”. It goes out without client review").waitFor();
      await page.getByRole("button", { name: "Undo" }).click();
      await open(page, ref);
      await words.waitFor();
    } finally {
      await set([]);
    }
    await words.waitFor({ state: "detached" });
    // What stands beside it can be reached on the narrowest phones: by finger, by key, and nothing is cut.
    await page.setViewportSize({ width: 360, height: 740 });
    const tabs = draft.getByRole("tablist", { name: "Made from" });
    await tabs.getByRole("tab", { name: "Brief" }).focus();
    await page.keyboard.press("End");
    const last = tabs.getByRole("tab", { name: "Timeline" });
    await expect.poll(() => last.getAttribute("aria-selected"), PATIENT).toBe("true");
    await expect
      .poll(async () => {
        const [strip, tab] = [await tabs.boundingBox(), await last.boundingBox()];
        return (strip?.x ?? 0) + (strip?.width ?? 0) - (tab?.x ?? 0) - (tab?.width ?? 0);
      }, PATIENT)
      // Edges fall between pixels.
      .toBeGreaterThan(-1);
    expect(await tabs.getAttribute("data-more")).toBe("start");
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("shows a run as it is written, stops it, and begins again with a note the agent is told", {
    timeout: TEST_MS,
  }, async () => {
    const { platform, tenantRef } = host();
    const [ref = ""] = await plant([
      { title: "Written slowly", body: "It rests.", promisedInMinutes: 60_000 },
    ]);
    const { page, context, complaints } = await visit(people.reviewer);
    const path = `/api/dm/v1/tenants/${tenantRef}`;
    const read = () =>
      asked<{ activity: { status: string; runRef: string } }>(page, `${path}/activities/${ref}`).then(
        ({ activity }) => activity,
      );
    const run = page.getByRole("region", { name: "Run", exact: true });
    await platform.restart("agents-worker", { OFFLINE_PACE_MS: "1000" });
    try {
      await sendBack(page, ref, "Warmer.");
      await expect.poll(async () => (await read()).status, PATIENT).toBe("working");
      await page.goto(at(`/runs?run=${(await read()).runRef}`));
      await run.getByRole("progressbar").waitFor();
      await run
        .getByText(/Reading the client context/)
        .first()
        .waitFor();
      // More of the text from moment to moment.
      const written = async () => ((await run.textContent()) ?? "").length;
      const soFar = await written();
      await expect.poll(written, PATIENT).toBeGreaterThan(soFar);
      await run.getByRole("button", { name: /^Stop / }).click();
      await page.getByText("Stopped. Its credits are free again.").waitFor();
    } finally {
      await platform.restart("agents-worker");
    }
    await expect.poll(async () => (await read()).status, PATIENT).toBe("failed");
    await run.getByLabel("What should the agent mind?").fill("Mention the wood oven.");
    await run.getByRole("button", { name: "Try again" }).click();
    await page.getByText("The agent starts again.").waitFor();
    await expect.poll(async () => (await read()).status, PATIENT).toBe("dm_review");
    await open(page, ref);
    await page
      .getByRole("region", { name: "Draft" })
      .getByText(/wood oven/i)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("counts what a reviewer decided, for them alone", { timeout: TEST_MS }, async () => {
    const [ref = ""] = await plant([{ title: "Counted", body: "It rests.", promisedInMinutes: -70_000 }]);
    const { page, context, complaints } = await visit(people.reviewer);
    await open(page, ref);
    await ready(page, "Counted");
    await page.keyboard.press("r");
    await page.getByRole("dialog").getByRole("button", { name: "Too short" }).click();
    await page.getByRole("dialog").getByLabel("What should change?").fill("Say how long.");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Rejected “Counted”").waitFor();
    // Leaving the page sends what waits for its ten seconds.
    await page.goto(at("/stats"));
    const reasons = page.getByRole("list", { name: "Rejections by reason" });
    await expect
      .poll(async () => {
        await page.reload();
        await page.getByText("Decisions by day").waitFor();
        return reasons.getByText("Too short").count();
      }, PATIENT)
      .toBe(1);
    for (const figure of ["Decided", "Sent back", "Edit distance", "Words changed"])
      await page.getByText(figure, { exact: true }).first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
}
