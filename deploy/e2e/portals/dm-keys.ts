import { expect, it } from "vitest";
import { people } from "../../local/people.ts";
import { type DmHost, deskOf, STEP_MS, TEST_MS } from "./dm-desk.ts";

/** The queue by keys: at any speed, at any moment, however long it is. */
export function keyJourneys(host: () => DmHost): void {
  const { visit, asked, plant, open, ready, letThrough } = deskOf(host);

  it("reviews twenty drafts with the keyboard alone", { timeout: TEST_MS }, async () => {
    const titles = Array.from({ length: 20 }, (_, index) => `Keys ${String(index + 1).padStart(2, "0")}`);
    await plant(
      titles.map((title, index) => ({ title, body: `Text of ${title}.`, promisedInMinutes: index - 500 })),
    );
    const { page, context, complaints } = await visit(people.reviewer);
    await page.goto(`${host().platform.url("dm")}/queue`);
    let presses = 0;
    const press = (key: string) => {
      presses += 1;
      return page.keyboard.press(key);
    };
    const began = Date.now();
    for (const [index, title] of titles.entries()) {
      await ready(page, title);
      // The last two: what is rejected comes back, written anew, before what was promised later.
      if (index >= titles.length - 2) {
        await press("r");
        await page.getByRole("dialog").getByLabel("What should change?").waitFor();
        await press("Alt+2");
        await page.keyboard.type("Warmer.");
        await press("Control+Enter");
        await page.getByRole("dialog").waitFor({ state: "detached" });
      } else if (index % 10 === 6) {
        await press("e");
        await page.getByRole("textbox", { name: "Text of the draft" }).waitFor();
        await page.keyboard.type("Truly. ");
        const save = page.getByRole("button", { name: "Save and approve" });
        await expect.poll(() => save.isEnabled(), { timeout: STEP_MS }).toBe(true);
        await press("Control+Enter");
        await page.getByRole("region", { name: "Edit the draft" }).waitFor({ state: "detached" });
      } else await press("a");
    }
    const seconds = (Date.now() - began) / 1000;
    console.log(`twenty drafts: ${presses} keys but for typing, ${(seconds / 20).toFixed(1)} s a draft`);
    expect(presses).toBeLessThanOrEqual(26);
    expect(await page.evaluate("window.__mouse ?? 0")).toBe(0);
    const statsNow = () =>
      asked<{ days: { approved: number; edited: number; rejected: number }[]; reasons: unknown }>(
        page,
        "/api/dm/v1/review-stats?days=1",
      );
    // The last decisions are sent when their time to be undone is over.
    await expect
      .poll(async () => (await statsNow()).days[0], { timeout: STEP_MS })
      .toMatchObject({ approved: 16, edited: 2, rejected: 2 });
    const stats = await statsNow();
    expect(stats.reasons).toEqual([{ reason: "wrong_tone", count: 2 }]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("takes a key at any moment: before the text is there, while the list is renewed, from a box that is ticked", {
    timeout: TEST_MS,
  }, async () => {
    const refs = await plant(
      Array.from({ length: 5 }, (_, index) => ({
        title: `Moment ${index}`,
        body: "It rests.",
        promisedInMinutes: -1_500 + index,
      })),
    );
    const { page, context, complaints } = await visit(people.reviewer);
    const note = page.getByRole("dialog").getByLabel("What should change?");
    const reject = (title: string) => page.getByRole("dialog", { name: `Reject “${title}”` });
    const back = async () => {
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };
    const slow = (pattern: string, ms: number) =>
      page.route(pattern, async (route) => {
        await new Promise((later) => setTimeout(later, ms));
        await route.continue().catch(() => undefined);
      });
    /** Holds a draft's text back until it is let through. */
    const held = async (ref: string | undefined) => {
      const gate = Promise.withResolvers<void>();
      await page.route(`**/api/dm/v1/tenants/*/activities/${ref}`, async (route) => {
        await gate.promise;
        await route.continue().catch(() => undefined);
      });
      return gate.resolve;
    };
    const at = (title: string) =>
      page
        .getByRole("navigation", { name: "To review" })
        .locator("a[aria-current]", { hasText: title })
        .waitFor();
    const through = [await held(refs[0]), await held(refs[1]), await held(refs[2])];

    // What is pressed before the text has come isn't forgotten.
    await page.goto(`${host().platform.url("dm")}/queue?activity=${refs[0]}`);
    await at("Moment 0");
    await page.keyboard.press("r");
    through[0]?.();
    await reject("Moment 0").waitFor();
    await back();
    await page.keyboard.press("j");
    await at("Moment 1");
    await page.keyboard.press("e");
    through[1]?.();
    await page.getByRole("textbox", { name: "Text of the draft" }).waitFor();
    expect(await page.getByLabel("Title").inputValue()).toBe("Moment 1");
    await page.keyboard.press("Escape");
    // But nothing is approved that nobody can have read.
    await page.keyboard.press("j");
    await at("Moment 2");
    await page.keyboard.press("a");
    through[2]?.();
    await ready(page, "Moment 2");
    expect(await page.getByText(/^Approved/).count()).toBe(0);

    // The list is renewed while a note is written, and while the key is pressed.
    await page.keyboard.press("a");
    await ready(page, "Moment 3");
    await slow("**/api/dm/v1/queue*", 400);
    await page.keyboard.press("r");
    await note.waitFor();
    const sent = page.waitForResponse((answer) => answer.url().endsWith("/approve"));
    const renewed = sent.then(() => page.waitForResponse((answer) => answer.url().includes("/dm/v1/queue?")));
    await page.keyboard.type("Warmer,", { delay: 50 });
    await renewed;
    await page.keyboard.type(" please.", { delay: 50 });
    expect(await note.inputValue()).toBe("Warmer, please.");
    expect(await reject("Moment 3").isVisible()).toBe(true);
    await back();
    await plant([{ title: "Older still", body: "It rests.", promisedInMinutes: -1_600 }]);
    await page.evaluate("dispatchEvent(new Event('focus'))");
    for (let press = 0; press < 5; press += 1) {
      await page.keyboard.press("r");
      await reject("Moment 3").waitFor();
      await back();
    }

    // Letters right after the key belong to the dialog that is on its way, and decide nothing.
    await page.reload();
    await ready(page, "Moment 3");
    await slow("**/_next/static/chunks/**", 500);
    await page.keyboard.type("raea");
    await reject("Moment 3").getByLabel("What should change?").waitFor();
    expect(await page.getByText(/^Approved/).count()).toBe(0);
    await page.unroute("**/_next/static/chunks/**");
    await back();

    // A ticked box takes no letters.
    await page.getByRole("checkbox", { name: "Pick Moment 4" }).check();
    await page.keyboard.press("r");
    await reject("Moment 3").waitFor();
    await back();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("takes the letters of a page that has just been opened for keys, not for the second half of “g r”", {
    timeout: TEST_MS,
  }, async () => {
    const { page, context, complaints } = await visit(people.reviewer);
    // The clock of a page begins with it: nothing has been pressed a second ago.
    await page.addInitScript(
      "Object.defineProperty(Event.prototype, 'timeStamp', { get() { return Math.min(performance.now(), 600) } })",
    );
    await page.goto(`${host().platform.url("dm")}/activities`);
    await page.getByRole("heading", { name: "Activities" }).waitFor();
    await page.getByRole("button", { name: /^Table/ }).waitFor();
    await page.keyboard.press("t");
    await page.keyboard.press("b");
    await page.getByRole("button", { name: /^Board/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/activities");
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.waitForURL((url) => url.pathname === "/tenants");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("stays quick with ten thousand drafts and with one of thirty thousand words", {
    timeout: TEST_MS,
  }, async () => {
    const [long = "", ...many] = await plant([
      {
        title: "Long",
        body: Array.from(
          { length: 600 },
          (_, index) =>
            `## Part ${index} مرحبا 🍞\n\n${"The dough **rests** for twelve hours in a cold room. ".repeat(5)}`,
        ).join("\n\n"),
        promisedInMinutes: -20_000,
      },
      ...Array.from({ length: 10_000 }, (_, index) => ({
        title: `Many ${index}`,
        body: "It rests.",
        promisedInMinutes: 20_000 + index,
      })),
    ]);
    const { page, context, complaints } = await visit(people.reviewer);
    await open(page, long);
    await ready(page, "Long");
    const list = page.getByRole("navigation", { name: "To review" });
    expect(await list.getByRole("listitem").count()).toBeLessThan(80);
    await page.keyboard.press("e");
    const text = page.getByRole("textbox", { name: "Text of the draft" });
    await text.waitFor();
    const began = Date.now();
    await page.keyboard.type("Typed into it. ");
    await page.getByText(/words · Sav/).waitFor();
    console.log(`thirty thousand words: fifteen letters typed and handed on in ${Date.now() - began} ms`);
    await page.keyboard.press("Escape");
    await ready(page, "Long");
    // Faster than pages of the list come: every press counts.
    for (let step = 0; step < 150; step += 1) await page.keyboard.press("j");
    await list.locator("li[aria-posinset='151'] a[aria-current]").waitFor();
    await page.keyboard.press("k");
    await list.locator("li[aria-posinset='150'] a[aria-current]").waitFor();
    expect(await list.getByRole("listitem").count()).toBeLessThan(80);

    // A link to one far down shows that one, and says where it stands.
    const { total } = await asked<{ total: number }>(page, "/api/dm/v1/queue?pageSize=1");
    const place = (await asked<{ position: number }>(page, `/api/dm/v1/queue/${many[8_000]}`)).position;
    expect(place).toBeGreaterThan(8_000);
    await open(page, many[8_000] ?? "");
    await ready(page, "Many 8000");
    const pinned = list.getByRole("region", { name: "From the link" });
    const written = (value: number) => value.toLocaleString("en-GB");
    await pinned.getByText(`No. ${written(place)} of ${written(total)}`).waitFor();
    await pinned.locator("a[aria-current]", { hasText: "Many 8000" }).waitFor();
    await page.keyboard.press("j");
    await list.locator("li[aria-posinset='1'] a[aria-current]").waitFor();
    await page.keyboard.press("k");
    await pinned.locator("a[aria-current]").waitFor();
    // Decided, it makes way for the first; taken back, it is there again.
    await page.keyboard.press("a");
    await list.locator("li[aria-posinset='1'] a[aria-current]").waitFor();
    expect(await pinned.count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await pinned.getByText("Many 8000").waitFor();
    // One that has been decided, and one that nobody has, are told apart, and no other is shown in their place.
    await letThrough(page, many[7_000] ?? "");
    await expect
      .poll(
        async () => (await asked<{ position: number }>(page, `/api/dm/v1/queue/${many[7_000]}`)).position,
        { timeout: STEP_MS },
      )
      .toBe(0);
    await open(page, many[7_000] ?? "");
    const draft = page.getByRole("region", { name: "Draft" });
    await draft.getByRole("heading", { name: "“Many 7000” doesn’t wait for review" }).waitFor();
    expect(await draft.getByRole("link", { name: "Open the activity" }).getAttribute("href")).toContain(
      many[7_000],
    );
    expect(await list.locator("a[aria-current]").count()).toBe(0);
    await page.keyboard.press("j");
    await list.locator("li[aria-posinset='1'] a[aria-current]").waitFor();
    await open(page, host().tenantRef);
    await draft.getByRole("heading", { name: "This draft is not there" }).waitFor();
    await draft.getByRole("button", { name: /^Review the next draft/ }).click();
    await list.locator("li[aria-posinset='1'] a[aria-current]").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
}
