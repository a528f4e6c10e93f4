import { expect, it } from "vitest";
import { sandboxUser } from "../../local/demo/main-job.ts";
import { mailedToken } from "../isolation/mailbox.ts";
import { mailedLink, STEP_MS, settled, stateOf, type World } from "./desk.ts";

const DAY_MS = 86_400_000;
const PATIENT = { timeout: STEP_MS };

/** A company's house: its library, one item with all there is about it, the calendar, channels, people. */
export function houseJourneys(world: World): void {
  /** Those with a channel. */
  const blogs = () => world.items.filter(({ contentType }) => contentType === "blog_post");
  const slotOf = async (ref: string | undefined) => {
    const { body } = await world.company.client.get<{ activity: { publishOn: string | null } }>(
      `/tenant/v1/activities/${ref}`,
    );
    return body.activity.publishOn ?? "";
  };

  it("the library is filtered, and what is picked is changed together", { timeout: 90_000 }, async () => {
    const page = await world.clara.go("/content");
    const choose = async (field: string, value: string) => {
      await page.getByRole("button", { name: new RegExp(field) }).click();
      await page.getByRole("option", { name: value, exact: true }).click();
    };
    const [first, second] = blogs();
    await choose("State", "In client review");
    await choose("Kind", "Blog posts");
    const table = page.getByRole("table", { name: "Content" });
    await table.getByText("Social post").waitFor({ state: "detached" });
    for (const item of [first, second])
      await page.getByRole("checkbox", { name: `Pick “${item?.title}”` }).press("Space");
    const bar = page.getByRole("region", { name: "With what is picked" });
    await bar.getByText("2 picked").waitFor();
    await bar.getByRole("button", { name: /^Put on hold/ }).click();
    await page.getByText("Put on hold: 2 done.").waitFor();
    await choose("State", "On hold");
    for (const item of [first, second])
      await page.getByRole("checkbox", { name: `Pick “${item?.title}”` }).press("Space");
    await bar.getByRole("button", { name: /^Resume/ }).click();
    await page.getByText("Resume: 2 done.").waitFor();
    expect(await stateOf(world.company, first?.ref ?? "")).toBe("client_review");
  });

  it("an item's page says who owes the next move, what it rests on, and takes a mailed link back", {
    timeout: 90_000,
  }, async () => {
    const item = blogs()[0];
    const token = await mailedLink(world.company, item?.title ?? "");
    const page = await world.clara.go(`/content/${item?.ref}`);
    await page
      .getByText(/^Client to approve/)
      .first()
      .waitFor();
    await page.getByRole("tab", { name: /Versions/ }).click();
    await page.getByText("One version so far").waitFor();
    await page.getByRole("tab", { name: /Sources/ }).click();
    await page.getByText("The rye dough rests for sixteen hours", { exact: false }).first().waitFor();
    await page.getByRole("tab", { name: /Comments/ }).click();
    await page.getByLabel("Comment", { exact: true }).fill("Which mill?");
    await page.getByRole("button", { name: "Send" }).click();
    const thread = page.getByRole("listitem").filter({ hasText: "Which mill?" });
    await thread.getByRole("button", { name: "Answer" }).click();
    await page.getByLabel("Answer", { exact: true }).fill("Ours, behind the shop.");
    await page.getByRole("button", { name: "Send" }).click();
    await thread.getByText("Ours, behind the shop.").waitFor();
    await page.getByRole("tab", { name: "Timeline" }).click();
    await page.getByText(/DM team approved/).waitFor();

    await page.getByRole("button", { name: /^Withdraw the link/ }).click();
    await page.getByRole("button", { name: /^Withdraw the link/ }).waitFor({ state: "detached" });
    const stranger = await world.desk.open({ phone: true, theme: "dark" });
    const door = await stranger.go(`/decide#${token}`);
    await door.getByText(/withdrawn/).waitFor();
    expect(await stranger.violations()).toEqual([]);
    await stranger.close();

    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Set a date…" }).click();
    const day = new Date(Date.now() + 40 * DAY_MS).toISOString().slice(0, 10);
    await page.getByRole("dialog").getByLabel("Day").fill(day);
    await page.getByRole("dialog").getByRole("button", { name: "Set date" }).click();
    await expect.poll(() => slotOf(item?.ref), PATIENT).toContain(`${day}T09:00`);
  });

  it("the calendar: an item is dragged to another day, and two in one hour are outlined with the reason", {
    timeout: 90_000,
  }, async () => {
    const [item, other] = blogs();
    const moved = new Date(Date.parse(await slotOf(item?.ref)));
    const page = await world.clara.go(`/calendar?view=week&day=${moved.toISOString().slice(0, 10)}`);
    await settled(page);
    const chip = page.getByTitle(item?.title ?? "–").first();
    await chip.waitFor();
    // To the far end of the week it is in.
    const column = moved.getUTCDay() === 0 ? 0 : 6;
    await chip.dragTo(page.getByRole("main").locator("ul.grid > li").nth(column));
    const target = new Date(moved.getTime() + (column === 0 ? -6 : 7 - moved.getUTCDay()) * DAY_MS);
    const day = target.toISOString().slice(0, 10);
    await expect.poll(() => slotOf(item?.ref), PATIENT).toContain(day);
    const { body } = await world.company.client.get<{ activity: { version: number } }>(
      `/tenant/v1/activities/${other?.ref}`,
    );
    await world.company.client.post(`/tenant/v1/activities/${other?.ref}/reschedule`, {
      version: body.activity.version,
      publishOn: `${day}T09:30:00.000Z`,
    });
    await page
      .getByText(`“${other?.title}” goes to`, { exact: false })
      .first()
      .waitFor({ state: "attached" });
    expect(await world.clara.violationsEverywhere()).toEqual([]);
  });

  it("a channel that takes nothing any more is shown on home, and connected again with another password", {
    timeout: 90_000,
  }, async () => {
    const faults = (applicationPasswordsOff: boolean) =>
      fetch(`${world.platform.addresses.sandboxSite}/__sandbox/faults`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ applicationPasswordsOff }),
      });
    const page = await world.clara.go("/channels");
    const line = page.getByRole("listitem").filter({ hasText: "Sandbox site" });
    await line.getByRole("button", { name: "Test" }).click();
    await page.getByText("Sandbox site answers and accepts us.").waitFor();
    await faults(true);
    try {
      await line.getByRole("button", { name: "Test" }).click();
      await line.getByText("Expired").waitFor();
      expect(await world.clara.violationsEverywhere()).toEqual([]);
      await page.getByRole("link", { name: "Home", exact: true }).click();
      await page.getByRole("main").getByText("Expired").waitFor();
    } finally {
      await faults(false);
    }
    await page.getByRole("link", { name: "Channels", exact: true }).click();
    await line.getByRole("button", { name: "Connect again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Application password").fill("not the one");
    await dialog.getByRole("button", { name: "Test and connect" }).click();
    await dialog.getByRole("alert").first().waitFor();
    await dialog.getByLabel("Application password").fill(sandboxUser.applicationPassword);
    await dialog.getByRole("button", { name: "Test and connect" }).click();
    await line.getByText("Connected").waitFor();
    expect(await page.getByRole("listitem").filter({ hasText: "Sandbox site" }).count()).toBe(1);
  });

  it("the team: who is invited joins by the mailed link as what they were invited, and becomes more", {
    timeout: 120_000,
  }, async () => {
    const ben = { email: "ben@bakery.example", password: "a night for every loaf of rye" };
    const page = await world.clara.go("/team");
    const invite = async (email: string) => {
      await page.getByRole("button", { name: "Invite" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("E-mail").fill(email);
      await dialog.getByRole("button", { name: /Role/ }).click();
      await page.getByRole("option", { name: /^Viewer/ }).click();
      await dialog.getByRole("button", { name: "Send the invitation" }).click();
      await page.getByText(`Invited ${email}.`).waitFor();
    };
    await invite("nobody@bakery.example");
    const nobody = page.getByRole("listitem").filter({ hasText: "nobody@bakery.example" });
    await nobody.getByRole("button", { name: "Revoke" }).click();
    await nobody.waitFor({ state: "detached" });
    await invite(ben.email);

    const { mail } = world.company.at;
    const seat = await world.desk.open();
    const own = await seat.go(`/register?invitation=${await mailedToken(mail, ben.email, /invitation=/)}`);
    await own.getByLabel("Your name").fill("Ben Baker");
    await own.getByLabel("E-mail").fill(ben.email);
    await own.getByLabel("Password", { exact: true }).fill(ben.password);
    await own.getByRole("button", { name: "Create account" }).click();
    await own.getByText("We have sent a link to", { exact: false }).waitFor();
    await seat.go(`/verify-email?token=${await mailedToken(mail, ben.email, /verify-email\?token=/)}`);
    await own.getByRole("link", { name: /Sign in/ }).waitFor();
    await seat.signIn(ben);
    await seat.go(`/approvals?activity=${world.items[0]?.ref}`);
    await own.getByText("Your role can look, not decide.").waitFor();

    await page.reload();
    await page.getByRole("button", { name: "Change Ben Baker" }).click();
    await page.getByRole("menuitem", { name: "Make member" }).click();
    await page.getByRole("listitem").filter({ hasText: "Ben Baker" }).getByText("Member").waitFor();
    await expect
      .poll(
        async () => {
          await seat.go(`/approvals?activity=${world.items[0]?.ref}`);
          await settled(own);
          return own.getByRole("button", { name: /^Approve(?! all)/ }).count();
        },
        { timeout: STEP_MS, interval: 1_000 },
      )
      .toBe(1);
    await seat.close();
  });

  it("code that a newer release has replaced is told as such, and one click goes on", {
    timeout: 60_000,
  }, async () => {
    const seat = await (await world.desk.open()).signIn(world.company.person);
    const { page } = seat;
    await seat.go("/");
    await page.route("**/_next/static/chunks/**", (route) => route.fulfill({ status: 404 }));
    await page.getByRole("link", { name: "Team" }).click();
    const again = page.getByRole("button", { name: "Load the page again" });
    await again.waitFor();
    await page.unroute("**/_next/static/chunks/**");
    await again.click();
    await page.getByRole("heading", { name: "Team", level: 1 }).waitFor();
    await seat.close();
  });
}
