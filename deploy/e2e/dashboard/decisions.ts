import { expect, it } from "vitest";
import { type Activity, type Listed, Rest, refusal, until } from "../company.ts";
import { Books } from "../crash/books.ts";
import { mailedLink, STEP_MS, stateOf, type World } from "./desk.ts";

/** What a client decides, and what may come between. */
export function decisionJourneys(world: World): void {
  it("approvals by keys: undone in time it hasn't happened, left alone it has; a rejection carries its note", {
    timeout: 90_000,
  }, async () => {
    const [approved, rejected, held] = [
      world.take("blog_post"),
      world.take("blog_post"),
      world.take("social_post"),
    ];
    const page = await world.clara.go(`/approvals?activity=${approved.ref}`);
    const decidable = () =>
      expect
        .poll(() => page.getByRole("button", { name: /^Approve(?! all)/ }).isEnabled(), { timeout: STEP_MS })
        .toBe(true);
    await decidable();
    await page.keyboard.press("a");
    await page.getByText(`Approved “${approved.title}”`).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.goto(`${world.desk.address}/approvals?activity=${approved.ref}`);
    await decidable();
    expect(await stateOf(world.company, approved.ref)).toBe("client_review");
    await page.keyboard.press("a");
    await page.getByText(`Approved “${approved.title}”`).waitFor();
    // Leaving the page sends what waits for its ten seconds.
    await page.goto(`${world.desk.address}/approvals?activity=${rejected.ref}`);
    await expect
      .poll(() => stateOf(world.company, approved.ref), { timeout: STEP_MS })
      .not.toBe("client_review");
    await decidable();
    await page.keyboard.press("r");
    await page.getByLabel("What should change?").fill("Warmer, please.");
    await page.getByRole("dialog").getByRole("button", { name: "Reject" }).click();
    await page.getByText(`Rejected “${rejected.title}”`).waitFor();
    await page.goto(`${world.desk.address}/approvals?activity=${held.ref}`);
    await decidable();
    await page.keyboard.press("h");
    await page.getByText(`On hold: “${held.title}”`).waitFor();
    await page.goto(`${world.desk.address}/content`);
    await expect.poll(() => stateOf(world.company, held.ref), { timeout: STEP_MS }).toBe("on_hold");
    const { body } = await world.company.client.get<{ approvals: { note: string }[] }>(
      `/tenant/v1/activities/${rejected.ref}`,
    );
    expect(body.approvals.map(({ note }) => note)).toContain("Warmer, please.");
    // The new version is held against the one that was read.
    const again = await until("the new draft", 60_000, async () => {
      const { body } = await world.company.client.get<{ activity: Activity }>(
        `/tenant/v1/activities/${rejected.ref}`,
      );
      return body.activity.status === "dm_review" ? body.activity : undefined;
    });
    await world.company.reviewer.post(`/dm/v1/tenants/${world.company.tenant}/reviews/${again.ref}/approve`, {
      version: again.version,
      contentHash: again.contentHash,
    });
    await page.goto(`${world.desk.address}/approvals?activity=${rejected.ref}`);
    await page.getByRole("button", { name: "What changed since version 1, which you read" }).click();
    await page.locator("ins, del").first().waitFor();
  });

  it("approvals on a phone: a swipe turns the page, one press approves a plan's all", {
    timeout: 60_000,
  }, async () => {
    const phone = await (await world.desk.open({ phone: true })).signIn(world.company.person);
    const page = await phone.go("/approvals");
    const section = page.getByRole("region", { name: "Item" });
    await section.getByRole("button", { name: /^Approve(?! all)/ }).waitFor();
    const where = () => new URL(page.url()).searchParams.get("activity");
    const touch = await phone.context.newCDPSession(page);
    const at = (type: string, x: number) =>
      touch.send("Input.dispatchTouchEvent", {
        type: type as "touchStart",
        touchPoints: type === "touchEnd" ? [] : [{ x, y: 320 }],
      });
    await at("touchStart", 330);
    for (const x of [260, 180, 90]) await at("touchMove", x);
    await at("touchEnd", 90);
    await expect.poll(where, { timeout: STEP_MS }).not.toBeNull();
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(await phone.violations()).toEqual([]);
    await page.getByRole("button", { name: /^Approve all/ }).waitFor();
    // A finger opens the sheet for the note, and it stays under it.
    await section.getByRole("button", { name: /^Reject/ }).tap();
    const note = page.getByLabel("What should change?");
    await note.tap();
    await page.keyboard.type("Warmer");
    expect(await note.inputValue()).toBe("Warmer");
    const sheet = await page.getByRole("dialog").boundingBox();
    expect(Math.round((sheet?.y ?? 0) + (sheet?.height ?? 0))).toBe(page.viewportSize()?.height);
    expect(await phone.violations()).toEqual([]);
    await phone.close();
  });

  it("what the team says among itself reaches no client: not by the list, not by a thread, not live", async () => {
    const item = world.items[0];
    if (!item) throw new Error("no item");
    const path = `/activities/${item.ref}/comments`;
    const { reviewer, client, tenant } = world.company;
    const said = await reviewer.post<{ ref: string }>(`/dm/v1/tenants/${tenant}${path}`, {
      text: "The client is picky about rye",
      internal: true,
    });
    await client.post(`/tenant/v1${path}`, { text: "More rye" });
    const { body } = await client.get<Listed<{ text: string }>>(`/tenant/v1${path}`);
    expect(body.items.map(({ text }) => text)).toEqual(["More rye"]);
    const answer = client.post(`/tenant/v1${path}`, { text: "What?", threadRef: said.body.ref });
    expect((await refusal(answer)).status).toBe(404);
    const page = await world.clara.go(`/approvals?activity=${item.ref}`);
    await page.getByRole("tab", { name: /Comments/ }).click();
    await page.getByText("More rye").waitFor();
    expect(await page.getByText("picky").count()).toBe(0);
  });

  it("a mailed link decides once, without an account: no cookie is set, and nothing else opens", {
    timeout: 60_000,
  }, async () => {
    const item = world.take("social_post");
    const token = await mailedLink(world.company, item.title);
    const stranger = await world.desk.open({ phone: true });
    const page = await stranger.go(`/decide#${token}`);
    await page.getByRole("heading", { name: item.title, level: 1 }).waitFor();
    expect(await stranger.violations()).toEqual([]);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Approved. Sent in a few seconds.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("This link is used up", { exact: false }).waitFor();
    expect(await stranger.context.cookies()).toEqual([]);
    expect(await stateOf(world.company, item.ref)).toBe("approved");
    await page.reload();
    await page.getByText("You have decided with this link already").waitFor();
    const anyone = new Rest(world.platform.addresses.gateway);
    anyone.token = token;
    expect((await refusal(anyone.get("/tenant/v1/plans"))).status).toBe(401);
    const trail = await until("the audit entry", STEP_MS, async () => {
      const { body } = await world.company.client.get<Listed<{ action: string; actor?: { id: string } }>>(
        `/tenant/v1/audit?entityRef=${item.ref}`,
      );
      return body.items.find(({ action }) => action === "content.activity.transitioned");
    });
    const me = await world.company.client.get<{ user: { ref: string } }>("/auth/v1/me");
    expect(trail.actor?.id).toBe(me.body.user.ref);
    await stranger.close();
  });

  it("two people on one item: the slower one is told what it is now", { timeout: 60_000 }, async () => {
    const item = world.take("social_post");
    const page = await world.clara.go(`/approvals?activity=${item.ref}`);
    await expect
      .poll(() => page.getByRole("button", { name: /^Approve(?! all)/ }).isEnabled(), { timeout: STEP_MS })
      .toBe(true);
    await page.keyboard.press("a");
    await page.getByText(`Approved “${item.title}”`).waitFor();
    await world.company.client.post(`/tenant/v1/approvals/${item.ref}/reject`, {
      version: item.version,
      contentHash: item.contentHash,
      note: "Not this one.",
    });
    await page.getByText(/Load it again|Somebody was faster/).waitFor();
  });

  it("a failure inside is said where it happened, with the reference to it, and the rest of the page goes on", {
    timeout: 60_000,
  }, async () => {
    const books = new Books(world.platform);
    await books.rows("content", "alter table goal rename to goal_away");
    const page = await world.clara.go("/");
    const goals = page
      .locator("section")
      .filter({ has: page.getByRole("heading", { name: "Goals", level: 2 }) });
    try {
      await goals.getByRole("alert").waitFor();
      expect(await goals.getByRole("alert").textContent()).toMatch(/[A-Z][^{}<>]+\./);
      await page
        .getByRole("link", { name: world.items[0]?.title ?? "–" })
        .first()
        .waitFor();
      expect(await world.clara.violations()).toEqual([]);
    } finally {
      await books.rows("content", "alter table goal_away rename to goal");
    }
    await goals.getByRole("button", { name: "Try again" }).click();
    await goals.getByText("No goals yet.", { exact: false }).waitFor();
  });

  it("an ended session asks for the password, and goes on where one was", { timeout: 60_000 }, async () => {
    const seat = await (await world.desk.open()).signIn(world.company.person);
    const path = `/content/${world.items[0]?.ref}`;
    const page = await seat.go(path);
    await page.getByRole("tab", { name: "Timeline" }).waitFor();
    await seat.context.clearCookies();
    await page.reload();
    await page.waitForURL(/\/login/);
    await page.getByLabel("E-mail").fill(world.company.person.email);
    await page.getByLabel("Password", { exact: true }).fill(world.company.person.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((url) => url.pathname === path);
    await page.getByRole("tab", { name: "Timeline" }).waitFor();
    await seat.close();
  });

  it("a dropped network loses no decision, and comes back by itself", { timeout: 60_000 }, async () => {
    const item = world.take("social_post");
    const page = await world.clara.go(`/approvals?activity=${item.ref}`);
    await expect
      .poll(() => page.getByRole("button", { name: /^Approve(?! all)/ }).isEnabled(), { timeout: STEP_MS })
      .toBe(true);
    await world.clara.context.setOffline(true);
    await page.keyboard.press("a");
    await page.getByText(`Approved “${item.title}”`).waitFor();
    await page.getByText("No connection", { exact: false }).waitFor();
    await world.clara.context.setOffline(false);
    await page.getByRole("navigation", { name: "Waiting for you" }).getByText(item.title).first().waitFor();
    expect(await stateOf(world.company, item.ref)).toBe("client_review");
  });
}
