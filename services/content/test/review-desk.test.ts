import { Code, ConnectError } from "@connectrpc/connect";
import { fromRef, newId, systemCtx, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { ActivitiesService, ActivityStatus, RejectReason } from "@leadmetrics/proto/content/v1/activities";
import { ClientReviewService } from "@leadmetrics/proto/content/v1/client_review";
import { ContentType } from "@leadmetrics/proto/content/v1/plans";
import { Likeness, ReviewDeskService } from "@leadmetrics/proto/content/v1/review_desk";
import { ReviewsService } from "@leadmetrics/proto/content/v1/reviews";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentDb } from "../src/db.ts";
import { DESK } from "../src/desk/tunables.ts";
import { servicesOf } from "../src/services.ts";
import { type DraftOptions, draft as plant } from "./draft.ts";

let t: ServiceTest<ContentDb>;
beforeAll(async () => {
  t = await startServiceTest<ContentDb>({
    service: "content",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({
    config: t.config,
    rpc: ({ db, box }) =>
      servicesOf({
        db,
        box,
        allowPrivate: [],
        namesOf: async (_ctx, refs) => new Map(refs.map((ref) => [ref, `Reviewer ${ref}`])),
      }),
  });
});
afterAll(() => t?.close());

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

/** A reviewer of tenant A, with their own window on the desk. */
async function reviewer() {
  const { principal } = t.ctx.reviewer([t.tenantA]);
  return {
    desk: await t.client(ReviewDeskService, principal, t.tenantA),
    all: await t.client(ReviewDeskService, principal),
    reviews: await t.client(ReviewsService, principal, t.tenantA),
    queue: await t.client(ReviewsService, principal),
    activities: await t.client(ActivitiesService, principal, t.tenantA),
  };
}

interface Draft {
  activityRef: string;
  version: number;
  contentHash: string;
}

const long = (from: number) => Array.from({ length: 120 }, (_, index) => `word${from + index}`).join(" ");

/** A draft that waits for its reviewer. */
async function draft(title: string, body: string, options: DraftOptions = {}): Promise<Draft> {
  const { ref, hash } = await plant(t, title, { ...options, status: "dm_review", body });
  return { activityRef: ref, version: 1, contentHash: hash };
}

describe("who is at which draft", () => {
  it("is told to the others, and a claim stays its holder's until it is let go", async () => {
    const [ann, ben] = [await reviewer(), await reviewer()];
    const { activityRef } = await draft("Claimed", "It rests.");
    const mine = await ann.desk.claimReview({ activityRef });
    expect(mine.mine).toBe(true);
    const theirs = await ben.desk.claimReview({ activityRef });
    expect(theirs.mine).toBe(false);
    expect(theirs.claim?.claimedBy?.id).toBe(mine.claim?.claimedBy?.id);
    expect(theirs.claim?.name).toBe(`Reviewer ${mine.claim?.claimedBy?.id}`);
    const { claims } = await ben.all.listClaims({});
    expect(claims.map((claim) => claim.activityRef)).toContain(activityRef);

    await ben.desk.releaseClaim({ activityRef });
    expect((await ben.desk.claimReview({ activityRef })).mine).toBe(false);
    await ann.desk.releaseClaim({ activityRef });
    expect((await ben.desk.claimReview({ activityRef })).mine).toBe(true);
  });

  it("can be taken over when meant, and by itself once the lease is over", async () => {
    const [ann, ben] = [await reviewer(), await reviewer()];
    const { activityRef } = await draft("Taken over", "It rests.");
    await ann.desk.claimReview({ activityRef });
    expect((await ben.desk.claimReview({ activityRef, takeOver: true })).mine).toBe(true);
    expect((await ann.desk.claimReview({ activityRef })).mine).toBe(false);
    await t.db.withTenant(systemCtx("test", { tenantId: t.tenantA }), (tx) =>
      tx
        .updateTable("review_claim")
        .set({ lease_until: new Date(Date.now() - 1) })
        .execute(),
    );
    expect((await ann.all.listClaims({})).claims).toEqual([]);
    const stale = await ann.desk.claimReview({ activityRef });
    expect(stale.mine).toBe(true);
    const lasts = Number(stale.claim?.expiresOn?.seconds ?? 0n) * 1_000 - Date.now();
    expect(lasts).toBeGreaterThan(DESK.leaseMs - 10_000);
  });

  it("keeps two reviewers from deciding the same draft unknowingly", async () => {
    const [ann, ben] = [await reviewer(), await reviewer()];
    const seen = await draft("Two at it", "It rests.");
    await ann.desk.claimReview({ activityRef: seen.activityRef });
    for (const call of [
      () => ben.reviews.approveDraft(seen),
      () => ben.reviews.rejectDraft({ ...seen, note: "Too short." }),
      () => ben.reviews.editAndApproveDraft({ ...seen, title: "Mine", body: "Mine." }),
    ]) {
      const refused = await refusal(call());
      expect(refused.code).toBe(Code.FailedPrecondition);
      expect(refused.rawMessage).toContain("Another reviewer is at");
    }
    await ben.reviews.approveDraft({ ...seen, despiteClaim: true });
    expect((await ann.all.listClaims({})).claims.map((one) => one.activityRef)).not.toContain(
      seen.activityRef,
    );
    expect((await refusal(ann.desk.claimReview({ activityRef: seen.activityRef }))).code).toBe(
      Code.FailedPrecondition,
    );
  });
});

describe("an unfinished edit", () => {
  it("is its writer's alone, and two of their windows can't write over each other", async () => {
    const [ann, ben] = [await reviewer(), await reviewer()];
    const { activityRef, contentHash: baseContentHash } = await draft("Edited", "It rests.");
    const text = { activityRef, baseContentHash, title: "Edited", body: "It rests long." };
    expect((await ann.desk.getDraftEdit({ activityRef })).edit).toBeUndefined();
    const first = await ann.desk.saveDraftEdit({ ...text, version: 0 });
    const other = await refusal(ann.desk.saveDraftEdit({ ...text, body: "Another window.", version: 0 }));
    expect(other.code).toBe(Code.FailedPrecondition);
    const second = await ann.desk.saveDraftEdit({ ...text, body: "Longer.", version: first.edit?.version });
    expect((await ann.desk.getDraftEdit({ activityRef })).edit).toEqual(second.edit);
    expect((await ben.desk.getDraftEdit({ activityRef })).edit).toBeUndefined();
    await ann.desk.discardDraftEdit({ activityRef });
    expect((await ann.desk.getDraftEdit({ activityRef })).edit).toBeUndefined();
  });

  it("is gone once it is approved, and how much it changed is counted", async () => {
    const ann = await reviewer();
    const seen = await draft("Counted", "one two three four");
    const edit = { activityRef: seen.activityRef, baseContentHash: seen.contentHash, title: "Counted" };
    await ann.desk.saveDraftEdit({ ...edit, body: "one two", version: 0 });
    await ann.reviews.editAndApproveDraft({ ...seen, title: "Counted", body: "one two drei four five" });
    expect((await ann.desk.getDraftEdit({ activityRef: seen.activityRef })).edit).toBeUndefined();
    const stats = await ann.all.getReviewStats({ days: 7, timeZone: "Europe/Berlin" });
    expect(stats.days).toHaveLength(7);
    expect(stats.days.at(-1)).toMatchObject({ approved: 0, edited: 1, rejected: 0 });
    expect([stats.wordsChanged, stats.wordsTotal]).toEqual([2, 5]);
  });
});

describe("a rejection", () => {
  it("keeps its reasons, and the reviewer's figures count them", async () => {
    const ann = await reviewer();
    const reasons = [RejectReason.WRONG_TONE, RejectReason.TOO_SHORT];
    const one = await draft("Rejected", "It rests.");
    const two = await draft("Rejected too", "It rests.");
    await ann.reviews.rejectDraft({ ...one, note: "Warmer, and longer.", reasons });
    await ann.reviews.rejectDraft({ ...two, note: "Warmer.", reasons: [RejectReason.WRONG_TONE] });
    const { approvals } = await ann.activities.getActivity({ activityRef: one.activityRef });
    expect(approvals[0]?.reasons).toEqual(reasons);
    const stats = await ann.all.getReviewStats({ days: 1, timeZone: "" });
    expect(stats.days[0]).toMatchObject({ rejected: 2 });
    expect(stats.reasons.map(({ reason, count }) => [reason, count])).toEqual([
      [RejectReason.WRONG_TONE, 2],
      [RejectReason.TOO_SHORT, 1],
    ]);
    expect((await refusal(ann.all.getReviewStats({ days: 7, timeZone: "Bakery/Oven" }))).code).toBe(
      Code.InvalidArgument,
    );
  });
});

describe("what a draft repeats", () => {
  it("names the tenant's closest items with the passage they share, and nothing else", async () => {
    const ann = await reviewer();
    const { activityRef } = await draft("The draft", long(0));
    const twin = await draft("Its twin", `${long(0)} and one more`);
    const cousin = await draft("Its cousin", `${long(90)} ${long(5_000)}`);
    await draft("A stranger", long(20_000));
    const { items } = await ann.desk.findSimilar({ activityRef });
    const close = items.filter((item) => [twin.activityRef, cousin.activityRef].includes(item.activityRef));
    expect(items[0]).toMatchObject({ activityRef: twin.activityRef, likeness: Likeness.DUPLICATE });
    expect(items[0]?.passage).toContain("word0 word1");
    expect(close).toHaveLength(items.length);
  });
});

describe("the queue", () => {
  it("can be narrowed to what a reviewer wants to see, and counts that", async () => {
    const ann = await reviewer();
    const late = await draft("Narrowed: 100% late", "x", { promisedOn: new Date(Date.now() - 60_000) });
    const hard = await draft("Narrowed: hard", "x", { escalated: true });
    const post = await draft("Narrowed: post", "x", { contentType: "social_post" });
    const refs = async (filter: Parameters<typeof ann.queue.listReviewQueue>[0]) => {
      const { activities, total } = await ann.queue.listReviewQueue({ title: "narrowed", ...filter });
      expect(total).toBe(activities.length);
      return activities.map((activity) => activity.ref).sort();
    };
    expect(await refs({})).toEqual([late, hard, post].map((one) => one.activityRef).sort());
    expect(await refs({ overdue: true })).toEqual([late.activityRef]);
    expect(await refs({ escalated: true })).toEqual([hard.activityRef]);
    expect(await refs({ contentType: ContentType.SOCIAL_POST })).toEqual([post.activityRef]);
    expect(await refs({ title: "100%" })).toEqual([late.activityRef]);
    expect(await refs({ tenantRefs: [toRef(t.tenantA)] })).toHaveLength(3);
    const foreign = await refusal(ann.queue.listReviewQueue({ tenantRefs: [toRef(t.tenantB)] }));
    expect(foreign.code).toBe(Code.NotFound);
  });

  it("finds one draft by its reference alone and says its place, and says so when it waits no more", async () => {
    const ann = await reviewer();
    const seen = await draft("Found: second", "x", { promisedOn: new Date(Date.now() - 5 * 86_400_000) });
    await draft("Found: first", "x", { promisedOn: new Date(Date.now() - 6 * 86_400_000) });
    const { total } = await ann.queue.listReviewQueue({});
    const { activityRef } = seen;
    const found = await ann.queue.findInReviewQueue({ activityRef });
    expect(found).toMatchObject({ position: 2, total, activity: { title: "Found: second" } });
    await ann.reviews.approveDraft(seen);
    const decided = await ann.queue.findInReviewQueue({ activityRef });
    expect(decided).toMatchObject({ position: 0, activity: { status: ActivityStatus.CLIENT_REVIEW } });
    for (const tenants of [[t.tenantB], []]) {
      const { principal } = t.ctx.reviewer(tenants);
      const stranger = await t.client(ReviewsService, principal);
      expect((await refusal(stranger.findInReviewQueue({ activityRef }))).code).toBe(Code.NotFound);
    }
  });

  it("says of which drafts the reviewer's approval is the last", async () => {
    const ann = await reviewer();
    const setting = await t.client(ClientReviewService, t.ctx.tenant().principal);
    const [post, social] = [
      await draft("Last: post", "x"),
      await draft("Last: social", "x", { contentType: "social_post" }),
    ];
    const refused = await draft("Last: refused before", "x");
    await t.db.withTenant(systemCtx("test", { tenantId: t.tenantA }), async (tx) => {
      const { revision_id } = await tx
        .selectFrom("activity")
        .select("revision_id")
        .where("id", "=", fromRef(refused.activityRef))
        .executeTakeFirstOrThrow();
      await tx
        .insertInto("approval")
        .values({
          id: newId(),
          tenant_id: t.tenantA,
          activity_id: fromRef(refused.activityRef),
          step: "client_review",
          decision: "rejected",
          revision_id: revision_id ?? "",
          content_hash: "x",
          note: "",
          decided_by: "user:client",
        })
        .execute();
    });
    const last = async () => {
      const { activities } = await ann.queue.listReviewQueue({ title: "Last:" });
      const listed = activities.filter((one) => one.skipsClientReview).map((one) => one.ref);
      for (const { activityRef } of [post, social, refused]) {
        const said = listed.includes(activityRef);
        const { activity } = await ann.activities.getActivity({ activityRef });
        const found = await ann.queue.findInReviewQueue({ activityRef });
        expect([activity?.skipsClientReview, found.activity?.skipsClientReview]).toEqual([said, said]);
      }
      return listed;
    };
    expect(await last()).toEqual([]);
    const { clientReview } = await setting.setClientReview({
      skips: [{ contentType: ContentType.BLOG_POST }],
    });
    expect(await last()).toEqual([post.activityRef]);
    await setting.setClientReview({ skips: [], version: clientReview?.version });
    expect(await last()).toEqual([]);
  });
});

describe("the list of a tenant's activities", () => {
  it("is narrowed by a part of the title, letter by letter, in that tenant alone", async () => {
    const ann = await reviewer();
    const { activityRef } = await draft("Rye 50%_off", "x");
    await draft("Rye 50 off", "x");
    const refs = async (title: string, activities = ann.activities) =>
      (await activities.listActivities({ title })).activities.map(({ ref }) => ref);
    expect(await refs(" rye 50%_ ")).toEqual([activityRef]);
    expect(await refs("Rye 50")).toHaveLength(2);
    const { principal } = t.ctx.reviewer([t.tenantB]);
    expect(await refs("Rye", await t.client(ActivitiesService, principal, t.tenantB))).toEqual([]);
  });
});
