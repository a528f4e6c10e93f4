import { expect, it } from "vitest";
import { approvePlan, decide } from "../../local/demo/main-job.ts";
import { activitiesIn, type Listed, people, quiet, refusal, until } from "../company.ts";
import { type Seat, STEP_MS, settled, stateOf, type World } from "./desk.ts";

const DAY_MS = 86_400_000;

/** What a company sets for itself, and what the platform's people switch for it. */
export function settingsJourneys(world: World): void {
  /** A draft that waits for its reviewer, with a date tomorrow. */
  async function draftForTomorrow() {
    const { client, channelRef } = world.company;
    const { ref } = await approvePlan(
      client,
      {
        title: "By setting",
        start: "2027-01-01",
        end: "2027-01-31",
        deliverables: [{ contentType: "blog_post", quantity: 1, theme: "Spelt", channelRef }],
      },
      quiet,
    );
    const [draft] = await activitiesIn(client, ref, "dm_review", 1, 90_000);
    if (!draft) throw new Error("no draft was written");
    const { body } = await client.post<typeof draft>(`/tenant/v1/activities/${draft.ref}/reschedule`, {
      version: draft.version,
      publishOn: new Date(Date.now() + DAY_MS).toISOString(),
    });
    return body;
  }

  async function choose(title: string): Promise<void> {
    const page = await world.clara.go("/settings");
    const save = page.getByRole("button", { name: "Save what waits for you" });
    await save.waitFor();
    const choice = page.getByRole("radio", { name: title });
    // The page may be drawn anew while it comes alive.
    await until("the choice to be made", STEP_MS, async () => {
      await choice.check();
      return (await save.isEnabled()) ? true : undefined;
    });
    await save.click();
  }

  it("what a reviewer has approved goes out by the company's setting, and comes back when that is taken back", {
    timeout: 150_000,
  }, async () => {
    const { company, clara } = world;
    const { page } = clara;
    const draft = await draftForTomorrow();
    await choose("Nothing waits for your approval");
    await page.getByText(/^Set by Erin/).waitFor();
    await decide(company.reviewer, `/dm/v1/tenants/${company.tenant}/reviews/${draft.ref}/approve`, draft);
    expect(await stateOf(company, draft.ref)).toBe("scheduled");

    await clara.go(`/content/${draft.ref}`);
    await page.getByRole("link", { name: "By your setting" }).waitFor();
    await page.getByRole("tab", { name: "Timeline" }).click();
    await page.getByText("Approved by your setting · Erin Endtoend").waitFor();
    await clara.go("/calendar");
    await page.getByText("Approved by your setting").first().waitFor({ state: "attached" });
    await clara.go("/audit");
    await page
      .getByText("Published without the client's own approval from now on: everything")
      .first()
      .waitFor();

    await choose("Everything waits for your approval");
    await page.getByText("Saved. One item came back to your approvals.").waitFor();
    await clara.go(`/approvals?activity=${draft.ref}`);
    await page
      .getByRole("button", { name: /^Approve(?! all)/ })
      .first()
      .waitFor();
    expect(await stateOf(company, draft.ref)).toBe("client_review");
  });

  it("by type and channel, readable for everybody; nobody but an owner changes it", {
    timeout: 60_000,
  }, async () => {
    const page = await world.clara.go("/settings");
    await page.getByRole("radio", { name: "Some of it goes out without" }).check();
    await page.getByRole("checkbox", { name: "Blog posts: Sandbox site" }).waitFor();
    await settled(page);
    expect(await world.clara.violationsEverywhere()).toEqual([]);
  });

  it("a feature switched off in manage is gone from the dashboard, and the API refuses it by name", {
    timeout: 120_000,
  }, async () => {
    const { company, clara, items } = world;
    const item = items.find(({ contentType }) => contentType === "social_post");
    if (!item) throw new Error("no post is left to look at");
    // Another plan may have an item of the same title.
    const handle = clara.page.locator(`[data-moves="${item.ref}"]`);
    await clara.go("/calendar");
    await handle.waitFor();
    const admin = await managing(world);
    await setShare(admin, "Drag in the calendar", 0);
    await setShare(admin, "Approve a plan's drafts together", 0);
    try {
      await until("the handle to be gone", 60_000, async () => {
        await clara.go("/calendar");
        await clara.page.getByRole("link", { name: item.title }).first().waitFor();
        await settled(clara.page);
        return (await handle.count()) === 0 ? true : undefined;
      });
      // The date is chosen in its dialog.
      await clara.page
        .getByRole("button", { name: `Change the date of “${item.title}”` })
        .first()
        .waitFor();
      await clara.go("/approvals");
      await clara.page
        .getByRole("button", { name: /^Approve(?! all)/ })
        .first()
        .waitFor();
      expect(await clara.page.getByRole("button", { name: /^Approve all/ }).count()).toBe(0);

      const { body } = await company.client.get<Listed<typeof item>>("/tenant/v1/approvals");
      const approvals = body.items.slice(0, 2).map(({ ref, version, contentHash }) => ({
        activityRef: ref,
        version,
        contentHash,
      }));
      const bundle = await refusal(company.client.post("/tenant/v1/approvals/bundle", { approvals }));
      expect(bundle).toMatchObject({ status: 403, code: "feature_off" });
      expect(bundle.message).toContain("bundle_approvals");
      const dragged = await refusal(
        company.client.post(`/tenant/v1/activities/${item.ref}/reschedule`, {
          version: item.version,
          publishOn: new Date(Date.now() + DAY_MS).toISOString(),
          dragged: true,
        }),
      );
      expect(dragged).toMatchObject({ status: 403, code: "feature_off" });
      expect(dragged.message).toContain("calendar_drag");
    } finally {
      await setShare(admin, "Drag in the calendar", 100);
      await setShare(admin, "Approve a plan's drafts together", 100);
      await admin.close();
    }
    await until("the handle to be back", 60_000, async () => {
      await clara.go("/calendar");
      await clara.page.getByRole("link", { name: item.title }).first().waitFor();
      await settled(clara.page);
      return (await handle.count()) > 0 ? true : undefined;
    });
  });
}

/** A super admin at the manage portal. */
async function managing(world: World): Promise<Seat> {
  const seat = await world.desk.open();
  const { page } = seat;
  await page.goto(`${world.platform.url("manage")}/login`);
  await page.getByLabel("E-mail").fill(people.superAdmin.email);
  await page.getByLabel("Password", { exact: true }).fill(people.superAdmin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  return seat;
}

/** Gives a feature to a share of the companies, percent. */
async function setShare({ page }: Seat, feature: string, percent: number): Promise<void> {
  const settings = new URL("/settings", page.url()).href;
  await page.goto(settings);
  await page.getByRole("button", { name: `Change ${feature}` }).click();
  const dialog = page.getByRole("dialog");
  const share = dialog.getByRole("textbox", { name: "Percent of the tenants" });
  await share.fill(String(percent));
  await share.press("Tab");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
}
