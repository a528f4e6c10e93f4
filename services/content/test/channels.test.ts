import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { fromRef, type secretBox, toRef, userIdOf } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import {
  ActivitiesService,
  type Activity,
  ActivityStatus,
  OwedBy,
  PublicationStatus,
  TargetDecision,
} from "@leadmetrics/proto/content/v1/activities";
import { ApprovalLinksService } from "@leadmetrics/proto/content/v1/approval_links";
import { ChannelsService, PublicationsService } from "@leadmetrics/proto/content/v1/channels";
import { ContentType, PlansService } from "@leadmetrics/proto/content/v1/plans";
import { ApprovalsService } from "@leadmetrics/proto/content/v1/reviews";
import { ScheduleService } from "@leadmetrics/proto/content/v1/schedule";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ContentDb } from "../src/db.ts";
import { publishDue } from "../src/publications/publisher.ts";
import { servicesOf } from "../src/services.ts";
import { type DraftOptions, draft } from "./draft.ts";
import { Site } from "./site.ts";

let t: ServiceTest<ContentDb>;
let deps: { db: ServiceTest<ContentDb>["db"]; box: ReturnType<typeof secretBox>; allowPrivate: string[] };
let blog: Site;
let shop: Site;
/** The two sites as channels. */
let refs: { blog: string; shop: string };
const HOUR = 3_600_000;

beforeAll(async () => {
  [blog, shop] = await Promise.all([Site.start(), Site.start()]);
  t = await startServiceTest<ContentDb>({
    service: "content",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({
    config: t.config,
    rpc: ({ db, box }) => {
      deps = { db, box, allowPrivate: [blog.address, shop.address] };
      return servicesOf({ ...deps, namesOf: async () => new Map() });
    },
  });
});
afterAll(async () => {
  await t?.close();
  blog?.stop();
  shop?.stop();
});
beforeEach(async () => {
  for (const site of [blog, shop]) Object.assign(site, { trouble: undefined, slowMs: 0, asked: 0 });
  refs = { blog: await connected(blog, "Blog"), shop: await connected(shop, "Shop") };
});

const client = (() => {
  let ctx: ReturnType<typeof t.ctx.tenant> | undefined;
  return () => {
    ctx ??= t.ctx.tenant();
    return ctx;
  };
})();
const calls = async () => {
  const { principal } = client();
  return {
    activities: await t.client(ActivitiesService, principal),
    approvals: await t.client(ApprovalsService, principal),
    channels: await t.client(ChannelsService, principal),
    plans: await t.client(PlansService, principal),
    publications: await t.client(PublicationsService, principal),
    schedule: await t.client(ScheduleService, principal),
  };
};

async function connected(site: Site, name: string): Promise<string> {
  const { channels } = await calls();
  const { channel } = await channels.connectChannel({
    name,
    credentials: {
      case: "wordpress",
      value: { siteUrl: `http://${site.address}`, username: "editor", applicationPassword: "right" },
    },
  });
  return channel?.ref ?? "";
}

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

type Draft = Awaited<ReturnType<typeof draft>>;
let drafts = 0;
/** A post for both sites that waits for the client; its title is its own, so that its posts can be told. */
const waiting = (options: DraftOptions = {}) =>
  draft(t, `Rye ${++drafts}`, { channelRefs: [refs.blog, refs.shop], ...options });

async function now(item: Draft): Promise<Activity> {
  const { activities } = await calls();
  const { activity } = await activities.getActivity({ activityRef: item.ref });
  if (!activity) throw new Error("no activity");
  return activity;
}
const versionOf = async (item: Draft) => (await now(item)).stamp?.version ?? 0;

const yes = (channelRef: string) => ({ channelRef, approved: true, note: "" });
const no = (channelRef: string, note = "Not for our shop") => ({ channelRef, approved: false, note });

async function approve(item: Draft, channels: ReturnType<typeof yes>[] = []) {
  const { approvals } = await calls();
  const { activity } = await approvals.approveContent({
    activityRef: item.ref,
    version: await versionOf(item),
    contentHash: item.hash,
    channels,
  });
  return activity;
}

const publish = () => publishDue(deps, new AbortController().signal);

/** Makes everything of an item due whose next try lies ahead, as if its time had passed. */
async function afterAWhile(item: Draft) {
  await t.db.withTenant(client(), (tx) =>
    tx
      .updateTable("publication")
      .set({ next_try: new Date(0), lease_until: null })
      .where("activity_id", "=", fromRef(item.ref))
      .where("status", "in", ["prepared", "sending", "accepted", "unconfirmed"])
      .execute(),
  );
}

const postsOf = (site: Site, item: Draft) =>
  site.posts.filter((post) => post.content.raw.includes(`<p>It rests.`) && post.slug === item.slug).length;
const posts = (item: Draft) => [postsOf(blog, item), postsOf(shop, item)];
const counted = async (item: Draft) => {
  const { plans } = await calls();
  return (await plans.listPeriods({ planRef: item.planRef })).periods.map((period) => period.completedCount);
};
const states = ({ targets }: Activity) => targets.map((target) => target.publicationStatus);
const { CONFIRMED, UNCONFIRMED, FAILED, PREPARED } = PublicationStatus;

describe("one item for two channels", () => {
  it("goes out once on each and counts once", async () => {
    const item = await waiting();
    expect((await now(item)).targets.map((one) => [one.channelName, one.decision, one.owedBy])).toEqual([
      ["Blog", TargetDecision.PENDING, OwedBy.CLIENT],
      ["Shop", TargetDecision.PENDING, OwedBy.CLIENT],
    ]);
    await approve(item);
    await Promise.all([publish(), publish()]);
    await publish();
    const done = await now(item);
    expect([done.status, states(done), posts(item)]).toEqual([
      ActivityStatus.PUBLISHED,
      [CONFIRMED, CONFIRMED],
      [1, 1],
    ]);
    expect(done.publishedUrl).toBe(done.targets[0]?.url);
    expect(await counted(item)).toEqual([1]);
  });

  it("goes where the client approved it, and says why not elsewhere", async () => {
    const item = await waiting();
    const approved = await approve(item, [no(refs.blog), yes(refs.shop)]);
    expect(approved?.channelRef).toBe(refs.shop);
    await publish();
    const done = await now(item);
    expect([done.status, posts(item), await counted(item)]).toEqual([ActivityStatus.PUBLISHED, [0, 1], [1]]);
    expect(done.targets[0]).toMatchObject({
      decision: TargetDecision.DECLINED,
      note: "Not for our shop",
      owedBy: OwedBy.NOBODY,
      decidedBy: { id: toRef(userIdOf(client()) ?? fromRef(item.ref)) },
    });
    const { activities } = await calls();
    const { approvals } = await activities.getActivity({ activityRef: item.ref });
    expect(approvals.at(-1)?.channels.map((one) => [one.channelRef, one.approved])).toEqual([
      [refs.blog, false],
      [refs.shop, true],
    ]);
  });

  it("is rejected when every channel is declined, with the notes for the agent", async () => {
    const item = await waiting();
    const rejected = await approve(item, [no(refs.blog, "Too dry"), no(refs.shop, "Too long")]);
    expect([rejected?.status, rejected?.rejections]).toEqual([ActivityStatus.QUEUED, 1]);
    const { activities } = await calls();
    const { approvals } = await activities.getActivity({ activityRef: item.ref });
    expect(approvals.at(-1)?.note).toBe("Blog: Too dry\nShop: Too long");
    expect(rejected?.targets.map((one) => one.decision)).toEqual([
      TargetDecision.PENDING,
      TargetDecision.PENDING,
    ]);
  });

  it("is decided for each of its channels or for none by name, and only for this very text", async () => {
    const item = await waiting();
    for (const channels of [
      [yes(refs.blog)],
      [yes(refs.blog), yes(item.ref)],
      [yes(refs.blog), no(refs.shop, " ")],
    ])
      expect((await refusal(approve(item, channels))).code).toBe(Code.InvalidArgument);
    const { approvals } = await calls();
    const other = { activityRef: item.ref, version: await versionOf(item), contentHash: "another text" };
    expect((await refusal(approvals.approveContent(other))).code).toBe(Code.FailedPrecondition);
    const bundle = await approvals.approveBundle({
      approvals: [
        { ...other, contentHash: item.hash, channels: [yes(refs.blog)] },
        { ...other, contentHash: item.hash, channels: [yes(refs.blog), no(refs.shop)] },
      ],
    });
    expect(bundle.outcomes.map(({ activity, problem }) => [activity?.status, problem])).toEqual([
      [undefined, expect.stringContaining('says nothing of "Shop"')],
      [ActivityStatus.APPROVED, ""],
    ]);
  });

  it("can be decided for each channel by a mailed link", async () => {
    const item = await waiting();
    const mailer = await t.client(
      ApprovalLinksService,
      { kind: "service", service: "notifications" },
      t.tenantA,
    );
    const userRef = toRef(userIdOf(client()) ?? fromRef(item.ref));
    const { token } = await mailer.mintApprovalLink({
      activityRef: item.ref,
      contentHash: item.hash,
      userRef,
    });
    const open = await t.client(ApprovalLinksService, { kind: "public" });
    const shown = await open.openApprovalLink({ token });
    expect(shown.channels.map((one) => [one.name, one.url])).toEqual([
      ["Blog", `http://${blog.address}`],
      ["Shop", `http://${shop.address}`],
    ]);
    const channels = [yes(refs.blog), no(refs.shop)];
    expect((await open.decideByApprovalLink({ token, approved: true, channels })).approved).toBe(true);
    await publish();
    expect([posts(item), (await now(item)).status]).toEqual([[1, 0], ActivityStatus.PUBLISHED]);
  });
});

describe("when one of two channels fails", () => {
  it("the other goes out, and only what failed is sent again", async () => {
    const item = await waiting();
    await approve(item);
    shop.trouble = "refused";
    await publish();
    const failed = await now(item);
    expect([failed.status, states(failed), posts(item)]).toEqual([
      ActivityStatus.PUBLISH_FAILED,
      [CONFIRMED, FAILED],
      [1, 0],
    ]);
    expect(failed.problem).toBe("Shop: Sorry, you are not allowed to publish.");
    expect(failed.targets.map((one) => one.owedBy)).toEqual([OwedBy.NOBODY, OwedBy.REVIEWER]);
    expect(await counted(item)).toEqual([0]);
    shop.trouble = undefined;
    const { activities } = await calls();
    await activities.retryActivity({ activityRef: item.ref, version: await versionOf(item) });
    await publish();
    const done = await now(item);
    expect([done.status, done.problem, posts(item), await counted(item)]).toEqual([
      ActivityStatus.PUBLISHED,
      "",
      [1, 1],
      [1],
    ]);
    expect(blog.asked).toBe(1);
  });

  it("what failed can be left out: it is published where it is out, and counted once", async () => {
    const item = await waiting();
    await approve(item);
    shop.trouble = "refused";
    await publish();
    const { activities } = await calls();
    const { activity } = await activities.cancelActivity({
      activityRef: item.ref,
      version: await versionOf(item),
      channelRefs: [refs.shop],
    });
    expect([activity?.status, activity?.targets[1]?.decision]).toEqual([
      ActivityStatus.PUBLISHED,
      TargetDecision.DECLINED,
    ]);
    expect(await counted(item)).toEqual([1]);
    const again = activities.retryActivity({ activityRef: item.ref, version: await versionOf(item) });
    expect((await refusal(again)).code).toBe(Code.FailedPrecondition);
  });

  it("a disconnected one fails by itself, and says which it is", async () => {
    const item = await waiting();
    await approve(item);
    const { channels } = await calls();
    await channels.disconnectChannel({ channelRef: refs.shop });
    await publish();
    const failed = await now(item);
    expect([failed.status, posts(item)]).toEqual([ActivityStatus.PUBLISH_FAILED, [1, 0]]);
    expect(failed.problem).toContain("Shop: ");
  });

  it("one that wants to be asked later doesn't keep the other", async () => {
    const item = await waiting();
    await approve(item);
    blog.trouble = "maintenance";
    await publish();
    const busy = await now(item);
    expect([busy.status, states(busy)]).toEqual([ActivityStatus.PUBLISHING, [PREPARED, CONFIRMED]]);
    blog.trouble = undefined;
    await afterAWhile(item);
    await publish();
    expect([(await now(item)).status, posts(item), await counted(item)]).toEqual([
      ActivityStatus.PUBLISHED,
      [1, 1],
      [1],
    ]);
  });
});

describe("when it isn't known whether one of two channels took it", () => {
  it("the other goes out, and the post is found, not sent again", async () => {
    const item = await waiting();
    await approve(item);
    blog.trouble = "lost";
    shop.slowMs = 300;
    await publish();
    const unsure = await now(item);
    expect([unsure.status, states(unsure), posts(item)]).toEqual([
      ActivityStatus.UNCONFIRMED,
      [UNCONFIRMED, CONFIRMED],
      [1, 1],
    ]);
    expect(unsure.problem).toContain("Blog: ");
    const { activities } = await calls();
    const version = await versionOf(item);
    expect((await refusal(activities.cancelActivity({ activityRef: item.ref, version }))).code).toBe(
      Code.FailedPrecondition,
    );
    blog.trouble = undefined;
    await afterAWhile(item);
    await publish();
    expect([(await now(item)).status, posts(item), blog.asked, await counted(item)]).toEqual([
      ActivityStatus.PUBLISHED,
      [1, 1],
      1,
      [1],
    ]);
  });

  it("and it is disconnected meanwhile, only a person can tell; nothing else is kept waiting", async () => {
    const [item, next] = [await waiting(), await waiting()];
    await approve(item);
    blog.trouble = "lost";
    await publish();
    blog.trouble = undefined;
    const { channels, publications } = await calls();
    await channels.disconnectChannel({ channelRef: refs.blog });
    await approve(next, [no(refs.blog), yes(refs.shop)]);
    await afterAWhile(item);
    await publish();
    const unsure = await now(item);
    expect([unsure.status, states(unsure), posts(next)]).toEqual([
      ActivityStatus.UNCONFIRMED,
      [UNCONFIRMED, CONFIRMED],
      [0, 1],
    ]);
    expect(unsure.problem).toContain("not connected");
    await publications.settlePublication({
      publicationRef: unsure.targets[0]?.publicationRef,
      published: false,
    });
    await publish();
    expect([(await now(item)).status, posts(item)]).toEqual([ActivityStatus.PUBLISH_FAILED, [1, 1]]);
  });

  it("a person can settle it while the other waits for its moment", async () => {
    const item = await waiting();
    const { publications, schedule } = await calls();
    await schedule.rescheduleActivity({
      activityRef: item.ref,
      version: await versionOf(item),
      channelRef: refs.shop,
      publishOn: timestampFromDate(new Date(Date.now() + 48 * HOUR)),
    });
    await approve(item);
    blog.trouble = "lost";
    await publish();
    const unsure = await now(item);
    expect([unsure.status, states(unsure)]).toEqual([ActivityStatus.UNCONFIRMED, [UNCONFIRMED, PREPARED]]);
    await publications.settlePublication({
      publicationRef: unsure.targets[0]?.publicationRef,
      published: true,
      url: "http://site.example/found/",
    });
    const settled = await now(item);
    expect([settled.status, settled.publishedUrl, settled.owedBy]).toEqual([
      ActivityStatus.SCHEDULED,
      "http://site.example/found/",
      OwedBy.CHANNEL,
    ]);
    expect(await counted(item)).toEqual([0]);
  });
});

describe("a publisher that is killed", () => {
  it.each(["content.publish.before-send", "content.publish.sent", "content.publish.stored"])(
    "at %s leaves nothing doubled and nothing behind, on either channel",
    async (place) => {
      const item = await waiting();
      await approve(item);
      expect(await killedAt(place)).toBe("SIGKILL");
      // Its lease is over; what it was at is looked up, the other one sent.
      for (let round = 0; round < 8 && (await now(item)).status !== ActivityStatus.PUBLISHED; round += 1) {
        await afterAWhile(item);
        await publish();
      }
      const done = await now(item);
      expect([done.status, states(done), posts(item), await counted(item)]).toEqual([
        ActivityStatus.PUBLISHED,
        [CONFIRMED, CONFIRMED],
        [1, 1],
        [1],
      ]);
    },
    30_000,
  );

  function killedAt(place: string): Promise<string | null> {
    const child = spawn(process.execPath, [fileURLToPath(new URL("publisher-process.ts", import.meta.url))], {
      env: {
        ...process.env,
        NODE_ENV: "test",
        FAILPOINT: place,
        URLS: JSON.stringify(t.urls),
        KEYS: t.config.ENCRYPTION_KEYS,
        SITES: deps.allowPrivate.join(","),
      },
      stdio: "inherit",
    });
    return new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
  }
});

describe("a channel's own moment", () => {
  it("is kept: one goes out now, the other waits, and the calendar shows both", async () => {
    const item = await waiting();
    const { schedule, activities } = await calls();
    const later = new Date(Date.now() + 72 * HOUR);
    await schedule.rescheduleActivity({
      activityRef: item.ref,
      version: await versionOf(item),
      channelRef: refs.shop,
      publishOn: timestampFromDate(later),
    });
    await approve(item);
    await publish();
    const half = await now(item);
    expect([half.status, posts(item), half.targets[1]?.publishOn]).toEqual([
      ActivityStatus.SCHEDULED,
      [1, 0],
      timestampFromDate(later),
    ]);
    const month = {
      start: timestampFromDate(new Date(Date.now() - 24 * HOUR)),
      end: timestampFromDate(new Date(Date.now() + 30 * 24 * HOUR)),
    };
    const { entries } = await schedule.listCalendar(month);
    const mine = entries.filter((entry) => entry.activity?.ref === item.ref);
    expect(mine.map((entry) => [entry.channelRefs, entry.conflicts])).toEqual([
      [[refs.blog], []],
      [[refs.shop], []],
    ]);
    expect(mine[1]?.slot && timestampDate(mine[1].slot)).toEqual(later);

    // Held, nothing goes out, not even at its moment; resumed, it waits again.
    const held = await activities.holdActivity({ activityRef: item.ref, version: half.stamp?.version });
    await afterAWhile(item);
    await publish();
    expect(posts(item)).toEqual([1, 0]);
    const back = await activities.resumeActivity({
      activityRef: item.ref,
      version: held.activity?.stamp?.version,
    });
    expect(back.activity?.status).toBe(ActivityStatus.SCHEDULED);
    await publish();
    expect(posts(item)).toEqual([1, 0]);

    const moved = schedule.rescheduleActivity({
      activityRef: item.ref,
      version: await versionOf(item),
      channelRef: refs.blog,
      publishOn: timestampFromDate(later),
    });
    expect((await refusal(moved)).code).toBe(Code.FailedPrecondition);
    const stopped = await activities.cancelActivity({
      activityRef: item.ref,
      version: await versionOf(item),
    });
    expect(stopped.activity?.status).toBe(ActivityStatus.PUBLISHED);
    await afterAWhile(item);
    await publish();
    expect([posts(item), await counted(item)]).toEqual([[1, 0], [1]]);
  });

  it("can be left out while another waits; the item waits on, and a stale window is refused", async () => {
    const item = await waiting({ publishOn: new Date(Date.now() + 24 * HOUR) });
    const { activities } = await calls();
    expect((await approve(item))?.status).toBe(ActivityStatus.SCHEDULED);
    const version = await versionOf(item);
    const { activity } = await activities.cancelActivity({
      activityRef: item.ref,
      version,
      channelRefs: [refs.blog],
    });
    expect([activity?.status, activity?.channelRef, activity?.targets[0]?.decision]).toEqual([
      ActivityStatus.SCHEDULED,
      refs.shop,
      TargetDecision.DECLINED,
    ]);
    const stale = activities.cancelActivity({ activityRef: item.ref, version, channelRefs: [refs.shop] });
    expect((await refusal(stale)).code).toBe(Code.FailedPrecondition);
    const last = await activities.cancelActivity({
      activityRef: item.ref,
      version: await versionOf(item),
      channelRefs: [refs.shop],
    });
    expect(last.activity?.status).toBe(ActivityStatus.CANCELLED);
    await afterAWhile(item);
    await publish();
    expect([posts(item), await counted(item)]).toEqual([[0, 0], [0]]);
  });

  it("comes to all again when the item is given another date", async () => {
    const item = await waiting();
    const { schedule } = await calls();
    const later = (hours: number) => timestampFromDate(new Date(Date.now() + hours * HOUR));
    const first = await schedule.rescheduleActivity({
      activityRef: item.ref,
      version: await versionOf(item),
      channelRef: refs.shop,
      publishOn: later(72),
    });
    const { activity } = await schedule.rescheduleActivity({
      activityRef: item.ref,
      version: first.activity?.stamp?.version,
      publishOn: later(24),
    });
    expect(activity?.targets.map((one) => one.publishOn)).toEqual([undefined, undefined]);
    expect((await approve(item))?.status).toBe(ActivityStatus.SCHEDULED);
  });
});

describe("a plan's channels", () => {
  const month = { start: { year: 2026, month: 12, day: 1 }, end: { year: 2026, month: 12, day: 31 } };
  const row = { contentType: ContentType.BLOG_POST, quantity: 1, theme: "Rye" };

  it("are a list, of which the single field is the first; a single one is a list of one", async () => {
    const { plans } = await calls();
    const { plan } = await plans.createPlan({
      title: "December",
      ...month,
      deliverables: [{ ...row, channelRefs: [refs.shop, refs.blog] }, { ...row, channelRef: refs.blog }, row],
    });
    expect(plan?.deliverables.map((one) => [one.channelRef, one.channelRefs])).toEqual([
      [refs.shop, [refs.shop, refs.blog]],
      [refs.blog, [refs.blog]],
      ["", []],
    ]);
    const unknown = plans.createPlan({
      title: "December",
      ...month,
      deliverables: [{ ...row, channelRefs: [refs.shop, plan?.ref ?? ""] }],
    });
    expect((await refusal(unknown)).rawMessage).toContain("deliverables[0].channel_refs[1]");
  });

  it("a row of the version before, which has one only, is read as a list of one", async () => {
    const { plans } = await calls();
    const { plan } = await plans.createPlan({
      title: "December",
      ...month,
      deliverables: [{ ...row, channelRef: refs.blog }],
    });
    await t.db.withTenant(client(), (tx) =>
      tx
        .updateTable("deliverable")
        .set({ channel_ids: [] })
        .where("id", "=", fromRef(plan?.deliverables[0]?.ref ?? ""))
        .execute(),
    );
    const read = await plans.getPlan({ planRef: plan?.ref });
    expect(read.plan?.deliverables[0]?.channelRefs).toEqual([refs.blog]);
  });
});
