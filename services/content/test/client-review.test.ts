import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  emit,
  FLAG_NAMES,
  type FlagName,
  flagKey,
  newId,
  platformSettings,
  systemCtx,
  toRef,
  userIdOf,
} from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { ActivitiesService, ActivityStatus, OwedBy } from "@leadmetrics/proto/content/v1/activities";
import { ApprovalLinksService } from "@leadmetrics/proto/content/v1/approval_links";
import { ApprovalsService } from "@leadmetrics/proto/content/v1/reviews";
import { ScheduleConflictKind, ScheduleService } from "@leadmetrics/proto/content/v1/schedule";
import { ErrorInfoSchema } from "@leadmetrics/proto/gen/google/rpc/error_details_pb";
import { MemberRemovedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ContentDb } from "../src/db.ts";
import { membersConsumer } from "../src/links/events.ts";
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
    consumers: () => [membersConsumer()],
  });
});
afterAll(() => t?.close());

const HOUR = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR);

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

const post = (title: string, options: DraftOptions = {}) => draft(t, title, options);

let person: ReturnType<typeof t.ctx.tenant> | undefined;
const client = () => {
  person ??= t.ctx.tenant();
  return person;
};
const me = () => {
  const id = userIdOf(client());
  if (!id) throw new Error("a tenant context without a user");
  return toRef(id);
};
const clientCalls = async () => {
  const { principal } = client();
  return {
    activities: await t.client(ActivitiesService, principal),
    approvals: await t.client(ApprovalsService, principal),
    schedule: await t.client(ScheduleService, principal),
    links: await t.client(ApprovalLinksService, principal),
  };
};
const reviewer = () => t.client(ActivitiesService, t.ctx.reviewer([t.tenantA]).principal, t.tenantA);

describe("comments", () => {
  it("make threads; a client never sees, answers or finds an internal one", async () => {
    const { ref } = await post("Threads");
    const { activities } = await clientCalls();
    const team = await reviewer();
    const { comment: open } = await activities.addComment({ activityRef: ref, text: "Warmer, please" });
    const { comment: secret } = await team.addComment({
      activityRef: ref,
      text: "The client is picky",
      internal: true,
    });
    const { comment: answer } = await team.addComment({
      activityRef: ref,
      text: "Done",
      threadRef: open?.ref,
    });
    // An answer is as internal as what it answers, whatever is asked for.
    const { comment: whispered } = await team.addComment({
      activityRef: ref,
      text: "Very picky",
      threadRef: secret?.ref,
    });
    expect([answer?.threadRef, answer?.internal]).toEqual([open?.ref, false]);
    expect([whispered?.threadRef, whispered?.internal]).toEqual([secret?.ref, true]);
    const seen = (await activities.listComments({ activityRef: ref })).comments;
    expect(seen.map(({ text }) => text)).toEqual(["Warmer, please", "Done"]);
    const guessed = activities.addComment({ activityRef: ref, text: "What?", threadRef: secret?.ref });
    expect((await refusal(guessed)).code).toBe(Code.NotFound);
    const below = activities.addComment({ activityRef: ref, text: "What?", threadRef: whispered?.ref });
    expect((await refusal(below)).code).toBe(Code.NotFound);
    const asked = activities.addComment({ activityRef: ref, text: "psst", internal: true });
    expect((await refusal(asked)).code).toBe(Code.PermissionDenied);
  });
});

describe("the client's inbox", () => {
  it("remembers the revision I read before the present one", async () => {
    const { ref, revisionRef } = await post("Seen");
    const { activities, approvals } = await clientCalls();
    await approvals.markRevisionSeen({ activityRef: ref, revisionRef });
    expect((await activities.getActivity({ activityRef: ref })).lastSeenRevisionRef).toBe("");
    const stranger = await post("Other");
    const crossed = approvals.markRevisionSeen({ activityRef: ref, revisionRef: stranger.revisionRef });
    expect((await refusal(crossed)).code).toBe(Code.NotFound);
  });

  it("approves a bundle item by item: what has changed meanwhile is told and doesn't keep the others", async () => {
    const [one, two] = [await post("One"), await post("Two")];
    const { approvals } = await clientCalls();
    const { outcomes } = await approvals.approveBundle({
      approvals: [
        { activityRef: one.ref, version: 1, contentHash: one.hash },
        { activityRef: two.ref, version: 1, contentHash: "another text" },
      ],
    });
    expect(outcomes.map(({ activity, problem }) => [activity?.status, problem])).toEqual([
      [ActivityStatus.APPROVED, ""],
      [undefined, expect.stringContaining('"Two" is client review now')],
    ]);
  });
});

describe("a mailed link", () => {
  const strangers = () => t.client(ApprovalLinksService, { kind: "public" });
  const mint = async (item: { ref: string; hash: string }, userRef = me()) => {
    const mailer = await t.client(
      ApprovalLinksService,
      { kind: "service", service: "notifications" },
      t.tenantA,
    );
    return (await mailer.mintApprovalLink({ activityRef: item.ref, contentHash: item.hash, userRef })).token;
  };

  it("shows its one revision and takes one decision, under its person's name", async () => {
    const item = await post("By mail");
    const token = await mint(item);
    const open = await strangers();
    expect(await open.openApprovalLink({ token })).toMatchObject({ title: "By mail", revisionNumber: 1 });
    const both = await Promise.allSettled([
      open.decideByApprovalLink({ token, approved: true }),
      open.decideByApprovalLink({ token, approved: false, note: "No, warmer" }),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { activities } = await clientCalls();
    const { approvals } = await activities.getActivity({ activityRef: item.ref });
    const decided = approvals.filter(({ decidedBy }) => decidedBy?.id === me());
    expect(decided).toHaveLength(1);
    const again = await refusal(open.openApprovalLink({ token }));
    expect([again.code, again.message]).toEqual([
      Code.FailedPrecondition,
      expect.stringContaining("decided with this link already"),
    ]);
  });

  it("is kept as a hash, and an unknown one tells nothing", async () => {
    const token = await mint(await post("Hashed"));
    const rows = await t.db.withTenant(client(), (tx) =>
      tx.selectFrom("approval_link").selectAll().execute(),
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
    const open = await strangers();
    const wrong = open.openApprovalLink({ token: `${token.slice(0, -2)}__` });
    expect((await refusal(wrong)).code).toBe(Code.NotFound);
  });

  it("ends when it is withdrawn, when the text changes, and when its person leaves the company", async () => {
    const open = await strangers();
    const { links, activities } = await clientCalls();
    const withdrawn = await post("Withdrawn");
    const first = await mint(withdrawn);
    expect((await links.listApprovalLinks({ activityRef: withdrawn.ref })).links).toHaveLength(1);
    expect((await links.revokeApprovalLinks({ activityRef: withdrawn.ref })).revoked).toBe(1);
    expect((await refusal(open.decideByApprovalLink({ token: first, approved: true }))).message).toContain(
      "withdrawn",
    );
    const held = await post("Held");
    const second = await mint(held);
    await activities.holdActivity({ activityRef: held.ref, version: 1 });
    expect((await refusal(open.decideByApprovalLink({ token: second, approved: true }))).message).toContain(
      "on hold",
    );
    const left = toRef(newId());
    const third = await mint(await post("Left"), left);
    const ctx = systemCtx("tenancy", { tenantId: t.tenantA });
    await t.db.withTenant(ctx, (tx) =>
      emit(tx, ctx, MemberRemovedSchema, { userRef: left }, { aggregate: left }),
    );
    await expect
      .poll(
        () =>
          refusal(open.openApprovalLink({ token: third })).then(
            ({ message }) => message,
            () => "",
          ),
        {
          timeout: 10_000,
        },
      )
      .toContain("withdrawn");
  });

  it("needs a note to reject", async () => {
    const token = await mint(await post("Silent"));
    const silent = (await strangers()).decideByApprovalLink({ token, approved: false, note: " " });
    expect((await refusal(silent)).code).toBe(Code.InvalidArgument);
  });
});

describe("the calendar", () => {
  it("moves an item, warns of crowding, and makes approved content wait for its hour", async () => {
    const { schedule, approvals } = await clientCalls();
    const item = await post("Scheduled", { channels: 1 });
    const moment = inHours(72);
    const moved = await schedule.rescheduleActivity({
      activityRef: item.ref,
      version: 1,
      publishOn: timestampFromDate(moment),
    });
    expect(moved.activity?.status).toBe(ActivityStatus.CLIENT_REVIEW);
    const { activity } = await approvals.approveContent({
      activityRef: item.ref,
      version: moved.activity?.stamp?.version,
      contentHash: item.hash,
    });
    expect([activity?.status, activity?.owedBy]).toEqual([ActivityStatus.SCHEDULED, OwedBy.CHANNEL]);
    const month = { start: timestampFromDate(new Date()), end: timestampFromDate(inHours(24 * 30)) };
    const { entries } = await schedule.listCalendar(month);
    const mine = entries.find((entry) => entry.activity?.ref === item.ref);
    expect([mine?.slot, mine?.conflicts]).toEqual([timestampFromDate(moment), []]);
    // Nothing goes out before: the publication is due at its hour.
    const due = await t.db.withTenant(client(), (tx) =>
      tx.selectFrom("publication").select("next_try").where("content_hash", "=", item.hash).execute(),
    );
    expect(due).toEqual([{ next_try: moment }]);
    const freed = await schedule.rescheduleActivity({
      activityRef: item.ref,
      version: activity?.stamp?.version,
    });
    expect(freed.activity?.status).toBe(ActivityStatus.APPROVED);
  });

  it("says what stands in the way, lists what has no date, and refuses the past and the stale", async () => {
    const { schedule } = await clientCalls();
    const soon = await post("Soon", { channels: 1, publishOn: inHours(3) });
    const undated = await post("Undated", { channels: 1 });
    const day = { start: timestampFromDate(new Date()), end: timestampFromDate(inHours(24)) };
    const calendar = await schedule.listCalendar(day);
    const entry = calendar.entries.find(({ activity }) => activity?.ref === soon.ref);
    expect(entry?.conflicts.map(({ kind }) => kind)).toEqual([ScheduleConflictKind.NOT_APPROVED]);
    expect(calendar.undated.map(({ ref }) => ref)).toContain(undated.ref);
    const past = { activityRef: soon.ref, version: 1, publishOn: timestampFromDate(inHours(-2)) };
    expect((await refusal(schedule.rescheduleActivity(past))).code).toBe(Code.InvalidArgument);
    const stale = { activityRef: soon.ref, version: 7, publishOn: timestampFromDate(inHours(5)) };
    expect((await refusal(schedule.rescheduleActivity(stale))).code).toBe(Code.FailedPrecondition);
    const out = await post("Out", { status: "published" });
    const gone = { activityRef: out.ref, version: 1, publishOn: timestampFromDate(inHours(5)) };
    expect((await refusal(schedule.rescheduleActivity(gone))).code).toBe(Code.FailedPrecondition);
  });
});

describe("a feature that a company doesn't have", () => {
  const without = (flag: FlagName) =>
    platformSettings.apply(flagKey(flag), JSON.stringify({ percent: 100, on: [], off: [toRef(t.tenantA)] }));
  afterEach(() => {
    for (const flag of FLAG_NAMES) platformSettings.apply(flagKey(flag), undefined);
  });

  it("keeps it from approving several at once, by name, and not from approving one", async () => {
    const one = await post("Alone");
    const { approvals } = await clientCalls();
    const seen = { activityRef: one.ref, version: 1, contentHash: one.hash };
    without("bundle_approvals");
    const refused = await refusal(approvals.approveBundle({ approvals: [seen] }));
    expect(refused.code).toBe(Code.PermissionDenied);
    expect(refused.rawMessage).toContain("(bundle_approvals) is switched off for your company");
    expect(refused.findDetails(ErrorInfoSchema)[0]?.metadata.feature).toBe("bundle_approvals");
    const { activity } = await approvals.approveContent(seen);
    expect(activity?.status).toBe(ActivityStatus.APPROVED);
  });

  it("keeps it from dragging in the calendar, and not from choosing a date", async () => {
    const { ref } = await post("Not dragged");
    const { schedule } = await clientCalls();
    const move = { activityRef: ref, version: 1, publishOn: timestampFromDate(inHours(48)) };
    without("calendar_drag");
    const refused = await refusal(schedule.rescheduleActivity({ ...move, dragged: true }));
    expect(refused.code).toBe(Code.PermissionDenied);
    expect(refused.rawMessage).toContain("(calendar_drag) is switched off for your company");
    expect((await schedule.rescheduleActivity(move)).activity?.publishOn).toBeDefined();
  });
});
