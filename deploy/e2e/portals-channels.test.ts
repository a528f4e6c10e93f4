import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvePlan, decide } from "../local/demo/main-job.ts";
import { noBrowser, openBrowser } from "./browser.ts";
import { type Activity, activitiesIn, type Company, newCompany, people, quiet, until } from "./company.ts";
import { Desk, mailedLink, type Seat, STEP_MS, settled, stateOf } from "./dashboard/desk.ts";
import { overflow } from "./portals/readable.ts";
import { postsTitled, startTwoSites, type TwoSites } from "./two-sites.ts";

const SETUP_MS = 300_000;
const POSTS = 3;

interface Target {
  readonly channelName: string;
  readonly decision: string;
  readonly note: string;
  readonly publicationStatus: string | null;
  readonly url: string;
}

describe.skipIf(noBrowser)("one item for two channels, in a real browser", () => {
  let sites: TwoSites;
  let browser: Browser;
  let desk: Desk;
  let company: Company;
  let clara: Seat;
  let shopRef: string;
  const items: Activity[] = [];
  /** One that no reviewer has let through. */
  let unread: Activity | undefined;

  beforeAll(async () => {
    [sites, browser] = await Promise.all([startTwoSites({ portals: true }), openBrowser()]);
    desk = new Desk(browser, sites.platform);
    company = await newCompany(sites.platform);
    shopRef = await sites.connectShop(company);
    clara = await (await desk.open()).signIn(company.person);
    const { ref } = await approvePlan(
      company.client,
      {
        title: "January",
        start: "2027-01-01",
        end: "2027-01-31",
        deliverables: [
          {
            contentType: "blog_post",
            quantity: POSTS + 1,
            theme: "Rye",
            channelRefs: [company.channelRef, shopRef],
          },
        ],
      },
      quiet,
    );
    const [left, ...drafts] = await activitiesIn(company.client, ref, "dm_review", POSTS + 1, 90_000);
    unread = left;
    for (const draft of drafts)
      await decide(company.reviewer, `/dm/v1/tenants/${company.tenant}/reviews/${draft.ref}/approve`, draft);
    items.push(...(await activitiesIn(company.client, ref, "client_review", POSTS)));
    const waiting = await Promise.all(items.map(targetsOf));
    expect(waiting.map((targets) => targets.map((one) => one.channelName))).toEqual(
      items.map(() => ["Sandbox site", "Shop"]),
    );
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await sites?.stop();
  }, SETUP_MS);

  const targetsOf = async (item: Activity): Promise<Target[]> => {
    const path = `/tenant/v1/activities/${item.ref}`;
    return (await company.client.get<{ activity: { targets: Target[] } }>(path)).body.activity.targets;
  };
  const postsOf = (item: Activity) =>
    Promise.all(
      [sites.platform.addresses.sandboxSite, sites.shop.url].map((site) => postsTitled(site, item.title)),
    );
  const take = (): Activity => {
    const item = items.shift();
    if (!item) throw new Error("no item is left");
    return item;
  };

  it("a plan's row takes both, by keyboard", {
    timeout: 120_000,
  }, async () => {
    const page = await clara.go("/plans/new");
    await settled(page);
    const field = page.getByRole("button", { name: /Published on/ }).first();
    await field.focus();
    await page.keyboard.press("Enter");
    const list = page.getByRole("listbox");
    const focused = (name?: string) => list.getByRole("option", { name }).and(page.locator(":focus")).count();
    await expect.poll(() => focused(), { timeout: STEP_MS }).toBe(1);
    for (const name of ["Sandbox site", "Shop"]) {
      await page.keyboard.press("Home");
      for (let step = 0; step < 2 && (await focused(name)) === 0; step += 1)
        await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Space");
      const option = list.getByRole("option", { name });
      await expect.poll(() => option.getAttribute("aria-selected"), { timeout: STEP_MS }).toBe("true");
    }
    await page.keyboard.press("Escape");
    await expect.poll(() => field.textContent(), { timeout: STEP_MS }).toContain("Shop, Sandbox site");
    expect(await clara.violationsEverywhere()).toEqual([]);
  });

  it("one channel is switched off with a note: it goes out on the other alone", {
    timeout: 90_000,
  }, async () => {
    const item = take();
    const page = await clara.go(`/approvals?activity=${item.ref}`);
    const approve = page.getByRole("button", { name: /^Approve(?! all)/ });
    await expect.poll(() => approve.isEnabled(), { timeout: STEP_MS }).toBe(true);
    await page.getByText("Goes to Sandbox site and Shop once approved").waitFor();
    // By keyboard: the second channel's number shows its preview and switches it off.
    await page.keyboard.press("2");
    await page.getByRole("tab", { name: "Shop (not here)", selected: true }).waitFor();
    await page.getByText("Goes to Sandbox site, not to Shop").waitFor();
    await page.keyboard.press("a");
    await page.getByText("Say why not here.").waitFor();
    expect(await clara.violationsEverywhere()).toEqual([]);
    await page.getByLabel("Why not on Shop?").fill("Our shop sells, it doesn't tell.");
    await approve.click();
    await page.getByText(`Approved “${item.title}” for some channels`).waitFor();
    // Leaving the page sends what waits for its ten seconds.
    await page.goto(`${desk.address}/content/${item.ref}`);
    await expect.poll(() => stateOf(company, item.ref), { timeout: STEP_MS }).toBe("published");
    expect(
      (await targetsOf(item)).map(({ decision, publicationStatus }) => [decision, publicationStatus]),
    ).toEqual([
      ["approved", "confirmed"],
      ["declined", null],
    ]);
    expect(await postsOf(item)).toEqual([1, 0]);
    await page.reload();
    const channels = page.getByRole("region", { name: "Channels" });
    await channels.getByText("Published", { exact: true }).waitFor();
    await channels.getByText("Not published here").waitFor();
    await channels.getByText("Our shop sells, it doesn't tell.").waitFor();
    expect(await channels.getByRole("link").count()).toBe(1);
    expect(await clara.violationsEverywhere()).toEqual([]);
  });

  it("one that fails is shown by its name, and left out: the item is published where it is", {
    timeout: 90_000,
  }, async () => {
    const item = take();
    sites.shop.site.faults.set({ applicationPasswordsOff: true });
    await company.client.post(`/tenant/v1/approvals/${item.ref}/approve`, {
      version: item.version,
      contentHash: item.contentHash,
    });
    await expect.poll(() => stateOf(company, item.ref), { timeout: STEP_MS }).toBe("publish_failed");
    sites.shop.site.faults.set({});
    const phone = await (await desk.open({ phone: true, theme: "dark" })).signIn(company.person);
    const page = await phone.go(`/content/${item.ref}`);
    const channels = page.getByRole("region", { name: "Channels" });
    await channels.getByText("Publishing failed").waitFor();
    await channels.getByText("DM team to fix").waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await phone.violations()).toEqual([]);
    await channels.getByRole("button", { name: "Shop: more actions" }).click();
    await page.getByRole("menuitem", { name: "Leave this channel out" }).click();
    await page.getByText(`doesn't go to Shop`).waitFor();
    await page.goto(`${desk.address}/content`);
    await expect.poll(() => stateOf(company, item.ref), { timeout: STEP_MS }).toBe("published");
    expect(await postsOf(item)).toEqual([1, 0]);
    await phone.close();
  });

  it("the calendar names the channel of each moment, and reviewers see each channel by itself", {
    timeout: 90_000,
  }, async () => {
    const ref = unread?.ref ?? "";
    const path = `/tenant/v1/activities/${ref}`;
    const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    for (const [hour, channelRef] of [
      ["09", undefined],
      ["15", shopRef],
    ]) {
      const { body } = await company.client.get<{ activity: Activity }>(path);
      const publishOn = `${day}T${hour}:00:00.000Z`;
      const { version } = body.activity;
      await company.client.post(`${path}/reschedule`, {
        version,
        publishOn,
        ...(channelRef && { channelRef }),
      });
    }
    const page = await clara.go(`/calendar?view=week&day=${day}`);
    const chips = page
      .getByRole("main")
      .locator("ul.grid")
      .getByTitle(unread?.title ?? "–");
    await expect.poll(() => chips.count(), { timeout: STEP_MS }).toBe(2);
    for (const [time, name] of [
      ["09:00", "Sandbox site"],
      ["15:00", "Shop"],
    ])
      await chips
        .filter({ hasText: time })
        .getByText(name ?? "–", { exact: true })
        .filter({ visible: true })
        .waitFor();
    expect(await clara.violationsEverywhere()).toEqual([]);

    const rune = await (await new Desk(browser, sites.platform, "dm").open()).signIn(people.reviewer);
    const desk = await rune.go(`/queue?activity=${ref}`);
    await desk.getByText("Goes to Sandbox site, Shop").waitFor();
    expect(await rune.violationsEverywhere()).toEqual([]);
    await rune.go(`/activities/${company.tenant}/${ref}`);
    const channels = desk.getByRole("list", { name: "Channels" });
    await channels.getByText("Shop", { exact: true }).waitFor();
    expect(await channels.getByText("In DM review").count()).toBe(2);
    expect(await rune.violationsEverywhere()).toEqual([]);
    expect([...rune.complaints, ...clara.complaints]).toEqual([]);
    await rune.close();
  });

  it("a mailed link decides for each channel, on a phone", { timeout: 90_000 }, async () => {
    const item = take();
    const token = await mailedLink(company, item.title);
    const stranger = await desk.open({ phone: true });
    const page = await stranger.go(`/decide#${token}`);
    await page.getByRole("heading", { name: item.title, level: 1 }).waitFor();
    await page.getByText("Goes to Sandbox site and Shop", { exact: false }).waitFor();
    // The first tab is shown: its switch is the one there is.
    await page.getByText("Publish here").click();
    await page.getByRole("switch", { name: "Not here" }).waitFor();
    await page.getByLabel("Why not on Sandbox site?").fill("Only in the shop, please.");
    expect(await stranger.violationsEverywhere()).toEqual([]);
    await page.getByRole("tab", { name: "Shop" }).click();
    await page.getByText("Goes out here once approved").waitFor();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("This link is used up", { exact: false }).waitFor();
    const done = await until("the post", STEP_MS, async () => {
      const targets = await targetsOf(item);
      return targets.some((one) => one.publicationStatus === "confirmed") ? targets : undefined;
    });
    expect(done.map(({ decision, note }) => [decision, note])).toEqual([
      ["declined", "Only in the shop, please."],
      ["approved", ""],
    ]);
    expect(await postsOf(item)).toEqual([0, 1]);
    await stranger.close();
  });
});
