import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { emit, type secretBox, systemCtx, tryFromRef } from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { RunFailedSchema, RunSucceededSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { ActivitiesService, type Activity, ActivityStatus } from "@leadmetrics/proto/content/v1/activities";
import { ChannelsService } from "@leadmetrics/proto/content/v1/channels";
import { WorkFiguresService } from "@leadmetrics/proto/content/v1/figures";
import { ContentType, PlansService } from "@leadmetrics/proto/content/v1/plans";
import { ApprovalsService, ReviewsService } from "@leadmetrics/proto/content/v1/reviews";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentDb } from "../src/db.ts";
import { runResultConsumer } from "../src/production/run-results.ts";
import { publishDue } from "../src/publications/publisher.ts";
import { servicesOf } from "../src/services.ts";
import { Site } from "./site.ts";

let t: ServiceTest<ContentDb>;
let site: Site;
let deps: { db: ServiceTest<ContentDb>["db"]; box: ReturnType<typeof secretBox>; allowPrivate: string[] };

beforeAll(async () => {
  site = await Site.start();
  t = await startServiceTest<ContentDb>({
    service: "content",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({
    config: t.config,
    rpc: ({ db, box }) => {
      deps = { db, box, allowPrivate: [site.address] };
      return servicesOf({ ...deps, namesOf: async () => new Map() });
    },
    consumers: () => [runResultConsumer()],
  });
});
afterAll(async () => {
  await t?.close();
  site?.stop();
});

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

/** Says what an agent would say when it is done. */
async function agentSays(
  runRef: string,
  role: string,
  output: MessageInitShape<typeof RunSucceededSchema>["output"],
  planRef = "",
) {
  const ctx = systemCtx("an agent", { tenantId: t.tenantA });
  await t.db.withTenant(ctx, (tx) =>
    emit(tx, ctx, RunSucceededSchema, { run: { ref: runRef, role, planRef }, output }, { aggregate: runRef }),
  );
}

const clients = async () => {
  const { principal } = t.ctx.tenant();
  return {
    plans: await t.client(PlansService, principal),
    activities: await t.client(ActivitiesService, principal),
    approvals: await t.client(ApprovalsService, principal),
    channels: await t.client(ChannelsService, principal),
    reviews: await t.client(ReviewsService, t.ctx.reviewer([t.tenantA]).principal, t.tenantA),
  };
};

/** An approved plan of one blog post, and its activity waiting for the reviewer. */
async function drafted(channelRef = ""): Promise<{ activity: Activity; planRef: string }> {
  const { plans, activities } = await clients();
  const made = await plans.createPlan({
    title: "December",
    start: { year: 2026, month: 12, day: 1 },
    end: { year: 2026, month: 12, day: 31 },
    deliverables: [{ contentType: ContentType.BLOG_POST, quantity: 1, theme: "Rye", channelRef }],
  });
  const { plan } = await plans.approvePlan({ planRef: made.plan?.ref, version: made.plan?.stamp?.version });
  if (!plan) throw new Error("no plan");
  await agentSays(
    plan.plannerRunRef,
    "activity-planner",
    {
      case: "planner",
      value: {
        activities: [
          {
            contentType: ContentType.BLOG_POST,
            deliverableRef: plan.deliverables[0]?.ref ?? "",
            title: "Rye at home",
            theme: "Rye",
          },
        ],
      },
    },
    plan.ref,
  );
  const now = async () => (await activities.listActivities({ planRef: plan.ref })).activities[0];
  const at = async (status: ActivityStatus, before?: string) =>
    expect
      .poll(
        async () => {
          const activity = await now();
          return activity?.status === status && activity.runRef !== before;
        },
        { timeout: 10_000 },
      )
      .toBe(true);
  await at(ActivityStatus.QUEUED);
  const research = (await now())?.runRef ?? "";
  await agentSays(research, "topic-researcher", { case: "notes", value: { body: "notes" } });
  await at(ActivityStatus.QUEUED, research);
  const brief = (await now())?.runRef ?? "";
  await agentSays(brief, "content-brief-writer", { case: "notes", value: { body: "brief" } });
  await at(ActivityStatus.QUEUED, brief);
  await agentSays((await now())?.runRef ?? "", "blog-writer", {
    case: "draft",
    value: {
      title: "Rye at home",
      body: "# Rye\n\nIt rests. <script>alert(1)</script>",
      excerpt: "Rye",
      slug: "",
    },
  });
  await at(ActivityStatus.DM_REVIEW);
  const activity = await now();
  if (!activity) throw new Error("no activity");
  return { activity, planRef: plan.ref };
}

const seen = (activity: Activity | undefined) => ({
  activityRef: activity?.ref,
  version: activity?.stamp?.version,
  contentHash: activity?.contentHash,
});

async function connected(): Promise<string> {
  const { channels } = await clients();
  const answer = await channels.connectChannel({
    credentials: {
      case: "wordpress",
      value: { siteUrl: `http://${site.address}`, username: "editor", applicationPassword: "right" },
    },
  });
  return answer.channel?.ref ?? "";
}

describe("a channel", () => {
  it("is tested before it is saved, and its password is stored sealed", async () => {
    const { channels } = await clients();
    const wrong = await refusal(
      channels.connectChannel({
        credentials: {
          case: "wordpress",
          value: { siteUrl: `http://${site.address}`, username: "editor", applicationPassword: "wrong" },
        },
      }),
    );
    expect(wrong.code).toBe(Code.FailedPrecondition);
    const inside = await refusal(
      channels.connectChannel({
        credentials: {
          case: "wordpress",
          value: { siteUrl: "http://169.254.169.254", username: "a", applicationPassword: "b" },
        },
      }),
    );
    expect(inside.rawMessage).toMatch(/private/);
    await connected();
    const rows = await t.db.withTenant(t.ctx.tenant(), (tx) =>
      tx.selectFrom("channel").select("sealed_credentials").execute(),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.sealed_credentials).not.toContain("right");
  });
});

describe("the way of a draft", () => {
  it("from plan to a post that is there once, although the site's answer was lost", async () => {
    const { activity, planRef } = await drafted(await connected());
    const { reviews, approvals, activities, plans } = await clients();
    const client = await activities.getActivity({ activityRef: activity.ref });
    expect(client.revisions).toEqual([]);
    const older = { ...seen(activity), version: (activity.stamp?.version ?? 1) - 1 };
    expect((await refusal(reviews.approveDraft(older))).code).toBe(Code.FailedPrecondition);
    const reviewed = await reviews.approveDraft(seen(activity));
    expect((await refusal(reviews.approveDraft(seen(activity)))).code).toBe(Code.FailedPrecondition);
    await approvals.approveContent(seen(reviewed.activity));

    site.trouble = "lost";
    const signal = new AbortController().signal;
    await publishDue(deps, signal);
    site.trouble = undefined;
    expect(site.posts).toHaveLength(1);
    expect((await activities.getActivity({ activityRef: activity.ref })).activity?.status).toBe(
      ActivityStatus.UNCONFIRMED,
    );
    await t.db.withTenant(t.ctx.tenant(), (tx) =>
      tx
        .updateTable("publication")
        .set({ next_try: new Date(0) })
        .where("activity_id", "=", tryFromRef(activity.ref) ?? "")
        .execute(),
    );
    await publishDue(deps, signal);
    await publishDue(deps, signal);
    const done = (await activities.getActivity({ activityRef: activity.ref })).activity;
    expect(done).toMatchObject({
      status: ActivityStatus.PUBLISHED,
      publishedUrl: "http://site.example/rye-at-home/",
    });
    expect(site.posts).toHaveLength(1);
    expect(site.posts[0]?.content.raw).not.toContain("<script>");
    expect((await plans.listPeriods({ planRef })).periods.map((period) => period.completedCount)).toEqual([
      1,
    ]);
  });

  it("back to the agent with the note, and to a person after the third rejection", async () => {
    const { activity } = await drafted();
    const { reviews, activities } = await clients();
    expect((await refusal(reviews.rejectDraft({ ...seen(activity), note: "" }))).code).toBe(
      Code.InvalidArgument,
    );
    let current: Activity | undefined = activity;
    for (let round = 1; round <= 3; round += 1) {
      current = (
        await reviews.rejectDraft({ ...seen(current), note: `Round ${round}: say how long it rests.` })
      ).activity;
      if (round === 3) break;
      expect(current?.status).toBe(ActivityStatus.QUEUED);
      await agentSays(current?.runRef ?? "", "blog-writer", {
        case: "draft",
        value: { title: "Rye at home", body: `Draft ${round}`, excerpt: "", slug: "" },
      });
      await expect
        .poll(async () => (await activities.getActivity({ activityRef: activity.ref })).activity?.status, {
          timeout: 10_000,
        })
        .toBe(ActivityStatus.DM_REVIEW);
      current = (await activities.getActivity({ activityRef: activity.ref })).activity;
    }
    expect(current).toMatchObject({ status: ActivityStatus.DM_REVIEW, escalated: true, rejections: 3 });
    const edited = await reviews.editAndApproveDraft({
      ...seen(current),
      title: "Rye at home",
      body: "By a person.",
    });
    expect(edited.activity?.status).toBe(ActivityStatus.CLIENT_REVIEW);
    expect(edited.activity?.contentHash).not.toBe(current?.contentHash);
  });
});

describe("an agent that could not finish", () => {
  it("is told to clients in plain words, and to the platform's people in those of its provider", async () => {
    const { activity } = await drafted();
    const { reviews, activities } = await clients();
    const { activity: again } = await reviews.rejectDraft({ ...seen(activity), note: "Say how long." });
    const ctx = systemCtx("an agent", { tenantId: t.tenantA });
    const run = {
      ref: again?.runRef ?? "",
      role: "blog-writer",
      problem: "The agent could not finish its work.",
      problemDetail: "Claude is overloaded. Tried 4 times.",
    };
    await t.db.withTenant(ctx, (tx) => emit(tx, ctx, RunFailedSchema, { run }, { aggregate: run.ref }));
    const read = async (by: Pick<typeof activities, "getActivity">) =>
      (await by.getActivity({ activityRef: activity.ref })).activity;
    await expect
      .poll(async () => (await read(activities))?.status, { timeout: 10_000 })
      .toBe(ActivityStatus.FAILED);
    expect(await read(activities)).toMatchObject({ problem: run.problem, problemDetail: "" });
    const staff = await t.client(ActivitiesService, t.ctx.reviewer([t.tenantA]).principal, t.tenantA);
    const { problem, problemDetail } = run;
    expect(await read(staff)).toMatchObject({ problem, problemDetail });
    const platform = await t.client(WorkFiguresService, t.ctx.superAdmin().principal);
    const { troubles } = await platform.listTroubles({});
    expect(troubles.find(({ ref }) => ref === activity.ref)?.problem).toBe(problemDetail);
  });
});

describe("isolation", () => {
  it("another tenant's activity reads like one that isn't there", async () => {
    const { activity } = await drafted();
    const stranger = await t.client(ActivitiesService, t.ctx.tenant(t.tenantB).principal);
    const foreign = await refusal(stranger.getActivity({ activityRef: activity.ref }));
    const absent = await refusal(stranger.getActivity({ activityRef: "01ARZ3NDEKTSV4RRFFQ69G5FAV" }));
    expect([foreign.code, foreign.rawMessage]).toEqual([absent.code, absent.rawMessage]);
    expect((await stranger.listActivities({})).activities).toEqual([]);
  });
  it("holds in every table", () => catalogueTest(t));
});
