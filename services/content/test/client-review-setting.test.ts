import { Code, ConnectError } from "@connectrpc/connect";
import { type Id, newId, systemCtx, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import {
  ActivitiesService,
  OwedBy,
  ActivityStatus as S,
  StepStatus,
  TargetDecision,
} from "@leadmetrics/proto/content/v1/activities";
import { ClientReviewService } from "@leadmetrics/proto/content/v1/client_review";
import { ContentType, StepKind } from "@leadmetrics/proto/content/v1/plans";
import { ApprovalsService, ReviewsService } from "@leadmetrics/proto/content/v1/reviews";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ContentDb } from "../src/db.ts";
import { TUNABLES } from "../src/publications/tunables.ts";
import { servicesOf } from "../src/services.ts";
import { type DraftOptions, draft } from "./draft.ts";

let t: ServiceTest<ContentDb>;
beforeAll(async () => {
  t = await startServiceTest<ContentDb>({
    service: "content",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({
    config: t.config,
    rpc: ({ db, box }) => servicesOf({ db, box, allowPrivate: [], namesOf: async () => new Map() }),
  });
});
afterAll(() => t?.close());
afterEach(() => set([]));

type Skips = Parameters<Awaited<ReturnType<typeof owner>>["review"]["setClientReview"]>[0]["skips"];
const EVERYTHING: Skips = [{}];
const tomorrow = () => new Date(Date.now() + 24 * 3_600_000);

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

let someOwner: ReturnType<typeof t.ctx.tenant> | undefined;
async function owner() {
  someOwner ??= t.ctx.tenant();
  const { principal } = someOwner;
  return {
    id: someOwner.actor.id,
    review: await t.client(ClientReviewService, principal),
    activities: await t.client(ActivitiesService, principal),
    approvals: await t.client(ApprovalsService, principal),
  };
}
/** Sets what doesn't wait for the client, whatever was set before. */
async function set(skips: Skips) {
  const { review } = await owner();
  const { clientReview } = await review.getClientReview({});
  return review.setClientReview({ skips, version: clientReview?.version });
}

const team = async () => {
  const { principal } = t.ctx.reviewer([t.tenantA]);
  return {
    reviews: await t.client(ReviewsService, principal, t.tenantA),
    activities: await t.client(ActivitiesService, principal, t.tenantA),
  };
};
/** A draft that its reviewer has just approved. */
async function reviewed(title: string, options: DraftOptions = {}) {
  const made = await draft(t, title, { ...options, status: "dm_review" });
  const { reviews } = await team();
  await reviews.approveDraft({ activityRef: made.ref, version: 1, contentHash: made.hash });
  return made;
}
const detail = async (activityRef: string) => (await owner()).activities.getActivity({ activityRef });
const statusOf = async (ref: string) => (await detail(ref)).activity?.status;

/** A channel nobody can reach. */
async function channel(name: string): Promise<string> {
  const id: Id = newId();
  await t.db.withTenant(systemCtx("test", { tenantId: t.tenantA }), (tx) =>
    tx
      .insertInto("channel")
      .values({
        id,
        tenant_id: t.tenantA,
        created_by: "system:test",
        updated_by: null,
        kind: "wordpress",
        name,
        url: "https://site.example",
        username: "ed",
        sealed_credentials: null,
        status: "connected",
        tested_on: null,
      })
      .execute(),
  );
  return toRef(id);
}
const publicationsOf = (activityId: string) =>
  t.db.withTenant(systemCtx("test", { tenantId: t.tenantA }), (tx) =>
    tx
      .selectFrom("publication")
      .select(["status", "next_try"])
      .where("activity_id", "=", activityId)
      .execute(),
  );

describe("what a reviewer has approved", () => {
  it("waits for the client while nothing is set", async () => {
    const { ref } = await reviewed("Waits");
    const { activity } = await detail(ref);
    expect(activity).toMatchObject({
      status: S.CLIENT_REVIEW,
      owedBy: OwedBy.CLIENT,
      approvedBySetting: false,
    });
  });

  it("goes on its way by the client's setting, and its history says whose", async () => {
    await set(EVERYTHING);
    const { ref } = await reviewed("Goes", { channels: 2, publishOn: tomorrow() });
    const { activity, approvals, steps, publications } = await detail(ref);
    expect(activity).toMatchObject({ status: S.SCHEDULED, approvedBySetting: true });
    expect(activity?.targets.map((one) => one.decision)).toEqual([
      TargetDecision.APPROVED,
      TargetDecision.APPROVED,
    ]);
    const yes = approvals.find((one) => one.step === StepKind.CLIENT_REVIEW);
    expect(yes).toMatchObject({ bySetting: true, decidedBy: { id: (await owner()).id } });
    expect(yes?.channels.every((one) => one.approved)).toBe(true);
    expect(approvals.find((one) => one.step === StepKind.DM_REVIEW)?.bySetting).toBe(false);
    expect(steps.find((one) => one.kind === StepKind.CLIENT_REVIEW)?.status).toBe(StepStatus.SKIPPED);
    expect(publications).toHaveLength(2);
  });

  it("goes with the reviewer's own words when they edited it", async () => {
    await set(EVERYTHING);
    const made = await draft(t, "Edited on the way", {
      status: "dm_review",
      publishOn: tomorrow(),
      channels: 1,
    });
    const { reviews } = await team();
    await reviews.editAndApproveDraft({
      activityRef: made.ref,
      version: 1,
      contentHash: made.hash,
      title: "Edited on the way",
      body: "It rests longer.",
    });
    const { activity, approvals } = await detail(made.ref);
    expect(activity).toMatchObject({ status: S.SCHEDULED, revisionNumber: 2 });
    expect(approvals.map((one) => one.contentHash)).toEqual([activity?.contentHash, activity?.contentHash]);
  });

  it("still waits when it goes to a channel that isn't named, or is of another type", async () => {
    const [site, shop] = [await channel("Site"), await channel("Shop")];
    await set([{ contentType: ContentType.BLOG_POST, channelRef: site }]);
    const at = { publishOn: tomorrow() };
    const both = await reviewed("To both", { ...at, channelRefs: [site, shop] });
    const social = await reviewed("Another type", { ...at, channelRefs: [site], contentType: "social_post" });
    const nowhere = await reviewed("To none", at);
    const named = await reviewed("To that one", { ...at, channelRefs: [site] });
    expect(await statusOf(both.ref)).toBe(S.CLIENT_REVIEW);
    expect(await statusOf(social.ref)).toBe(S.CLIENT_REVIEW);
    expect(await statusOf(nowhere.ref)).toBe(S.CLIENT_REVIEW);
    expect(await statusOf(named.ref)).toBe(S.SCHEDULED);
  });

  it("comes to the client who has said no to it before, whatever the setting", async () => {
    const { ref, hash } = await draft(t, "Refused once");
    const { approvals } = await owner();
    await approvals.rejectContent({ activityRef: ref, version: 1, contentHash: hash, note: "Warmer." });
    await t.db.withTenant(systemCtx("test", { tenantId: t.tenantA }), (tx) =>
      tx.updateTable("activity").set({ status: "dm_review" }).where("title", "=", "Refused once").execute(),
    );
    await set(EVERYTHING);
    const { activity } = await detail(ref);
    const { reviews } = await team();
    await reviews.approveDraft({ activityRef: ref, version: activity?.stamp?.version, contentHash: hash });
    expect(await statusOf(ref)).toBe(S.CLIENT_REVIEW);
  });
});

describe("the setting", () => {
  it("leaves in the inbox what waits there already", async () => {
    const { ref } = await reviewed("Was there before");
    const { returned } = await set(EVERYTHING);
    expect(returned).toBe(0);
    expect(await statusOf(ref)).toBe(S.CLIENT_REVIEW);
  });

  it("taken back brings what it let through to the client, who then decides it as any other", async () => {
    await set(EVERYTHING);
    const made = await reviewed("Comes back", { channels: 1, publishOn: tomorrow() });
    const byHand = await draft(t, "By hand", { channels: 1, publishOn: tomorrow() });
    const { approvals } = await owner();
    await approvals.approveContent({ activityRef: byHand.ref, version: 1, contentHash: byHand.hash });
    expect((await set([])).returned).toBe(1);
    expect(await statusOf(byHand.ref)).toBe(S.SCHEDULED);

    const { activity, steps } = await detail(made.ref);
    expect(activity).toMatchObject({
      status: S.CLIENT_REVIEW,
      owedBy: OwedBy.CLIENT,
      approvedBySetting: false,
      targets: [{ decision: TargetDecision.PENDING }],
    });
    expect(activity?.promisedOn).toBeDefined();
    expect(steps.find((one) => one.kind === StepKind.CLIENT_REVIEW)?.status).toBe(StepStatus.PENDING);
    expect(await publicationsOf(made.id)).toMatchObject([{ status: "prepared", next_try: TUNABLES.never }]);

    const yes = { activityRef: made.ref, version: activity?.stamp?.version, contentHash: made.hash };
    await approvals.approveContent(yes);
    expect((await detail(made.ref)).activity).toMatchObject({
      status: S.SCHEDULED,
      approvedBySetting: false,
    });
    const [publication] = await publicationsOf(made.id);
    expect(publication?.next_try.getTime()).toBeLessThan(tomorrow().getTime() + 60_000);
    expect((await set([])).returned).toBe(0);
  });

  it("taken back in part leaves on its way what it still names", async () => {
    await set(EVERYTHING);
    const at = { publishOn: tomorrow(), channels: 1 };
    const blog = await reviewed("Blog goes on", at);
    const social = await reviewed("Social comes back", { ...at, contentType: "social_post" });
    await set([{ contentType: ContentType.BLOG_POST }]);
    expect(await statusOf(blog.ref)).toBe(S.SCHEDULED);
    expect(await statusOf(social.ref)).toBe(S.CLIENT_REVIEW);
  });

  it("taken back while an item is on hold brings it to the client when it goes on", async () => {
    await set(EVERYTHING);
    const { ref } = await reviewed("On hold", { channels: 1, publishOn: tomorrow() });
    const { activities } = await owner();
    const { activity } = await detail(ref);
    const held = await activities.holdActivity({ activityRef: ref, version: activity?.stamp?.version });
    await set([]);
    const version = (await detail(ref)).activity?.stamp?.version;
    expect(version).toBeGreaterThan(held.activity?.stamp?.version ?? 0);
    await activities.resumeActivity({ activityRef: ref, version });
    expect(await statusOf(ref)).toBe(S.CLIENT_REVIEW);
  });

  it("taken back too late leaves what is out, and what is half out, as it is", async () => {
    await set(EVERYTHING);
    const { ref, id } = await reviewed("Half out", { channels: 2, publishOn: tomorrow() });
    await t.db.withTenant(systemCtx("test", { tenantId: t.tenantA }), async (tx) => {
      const first = await tx
        .selectFrom("publication")
        .select("id")
        .where("activity_id", "=", id)
        .orderBy("id")
        .executeTakeFirstOrThrow();
      await tx
        .updateTable("publication")
        .set({ status: "confirmed", confirmed_on: new Date() })
        .where("id", "=", first.id)
        .execute();
    });
    expect((await set([])).returned).toBe(0);
    expect(await statusOf(ref)).toBe(S.SCHEDULED);
  });

  it("is the owner's to change, and everybody's of the company to read", async () => {
    await set(EVERYTHING);
    const admin = await t.client(ClientReviewService, t.ctx.tenant(t.tenantA, "admin").principal);
    expect((await admin.getClientReview({})).clientReview?.skips).toHaveLength(1);
    const no = await refusal(admin.setClientReview({ skips: [], version: 1 }));
    expect(no.code).toBe(Code.PermissionDenied);
    const forReviewer = await t.client(ClientReviewService, t.ctx.reviewer([t.tenantA]).principal, t.tenantA);
    expect((await refusal(forReviewer.setClientReview({ skips: [], version: 1 }))).code).toBe(
      Code.PermissionDenied,
    );
  });

  it("isn't overwritten by who hasn't seen the last change, and knows its channels only", async () => {
    const { review } = await owner();
    const { clientReview } = await set(EVERYTHING);
    const late = await refusal(
      review.setClientReview({ skips: [], version: (clientReview?.version ?? 0) - 1 }),
    );
    expect(late.code).toBe(Code.Aborted);
    const wrong = await refusal(
      review.setClientReview({ skips: [{ channelRef: toRef(newId()) }], version: clientReview?.version }),
    );
    expect(wrong.code).toBe(Code.InvalidArgument);
    expect(wrong.rawMessage).toContain("skips[0].channel_ref");
  });
});
