import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { fromRef } from "@leadmetrics/kit";
import { ActivityStatus, TargetDecision } from "@leadmetrics/proto/content/v1/activities";
import { ContentType } from "@leadmetrics/proto/content/v1/plans";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { refusal, TwoChannels } from "./two-channels.ts";

let w: TwoChannels;
beforeAll(async () => {
  w = await TwoChannels.start();
});
afterAll(() => w?.close());
beforeEach(() => w.renew());

const HOUR = 3_600_000;

describe("a channel's own moment", () => {
  it("is kept: one goes out now, the other waits, and the calendar shows both", async () => {
    const item = await w.waiting();
    const { schedule, activities } = await w.calls();
    const later = new Date(Date.now() + 72 * HOUR);
    await schedule.rescheduleActivity({
      activityRef: item.ref,
      version: await w.versionOf(item),
      channelRef: w.refs.shop,
      publishOn: timestampFromDate(later),
    });
    await w.approve(item);
    await w.publish();
    const half = await w.now(item);
    expect([half.status, w.posts(item), half.targets[1]?.publishOn]).toEqual([
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
      [[w.refs.blog], []],
      [[w.refs.shop], []],
    ]);
    expect(mine[1]?.slot && timestampDate(mine[1].slot)).toEqual(later);

    // Held, nothing goes out, not even at its moment; resumed, it waits again.
    const held = await activities.holdActivity({ activityRef: item.ref, version: half.stamp?.version });
    await w.afterAWhile(item);
    await w.publish();
    expect(w.posts(item)).toEqual([1, 0]);
    const back = await activities.resumeActivity({
      activityRef: item.ref,
      version: held.activity?.stamp?.version,
    });
    expect(back.activity?.status).toBe(ActivityStatus.SCHEDULED);
    await w.publish();
    expect(w.posts(item)).toEqual([1, 0]);

    const moved = schedule.rescheduleActivity({
      activityRef: item.ref,
      version: await w.versionOf(item),
      channelRef: w.refs.blog,
      publishOn: timestampFromDate(later),
    });
    expect((await refusal(moved)).code).toBe(Code.FailedPrecondition);
    const stopped = await activities.cancelActivity({
      activityRef: item.ref,
      version: await w.versionOf(item),
    });
    expect(stopped.activity?.status).toBe(ActivityStatus.PUBLISHED);
    await w.afterAWhile(item);
    await w.publish();
    expect([w.posts(item), await w.counted(item)]).toEqual([[1, 0], [1]]);
  });

  it("can be left out while another waits; the item waits on, and a stale window is refused", async () => {
    const item = await w.waiting({ publishOn: new Date(Date.now() + 24 * HOUR) });
    const { activities } = await w.calls();
    expect((await w.approve(item))?.status).toBe(ActivityStatus.SCHEDULED);
    const version = await w.versionOf(item);
    const { activity } = await activities.cancelActivity({
      activityRef: item.ref,
      version,
      channelRefs: [w.refs.blog],
    });
    expect([activity?.status, activity?.channelRef, activity?.targets[0]?.decision]).toEqual([
      ActivityStatus.SCHEDULED,
      w.refs.shop,
      TargetDecision.DECLINED,
    ]);
    const stale = activities.cancelActivity({ activityRef: item.ref, version, channelRefs: [w.refs.shop] });
    expect((await refusal(stale)).code).toBe(Code.FailedPrecondition);
    const last = await activities.cancelActivity({
      activityRef: item.ref,
      version: await w.versionOf(item),
      channelRefs: [w.refs.shop],
    });
    expect(last.activity?.status).toBe(ActivityStatus.CANCELLED);
    await w.afterAWhile(item);
    await w.publish();
    expect([w.posts(item), await w.counted(item)]).toEqual([[0, 0], [0]]);
  });

  it("comes to all again when the item is given another date", async () => {
    const item = await w.waiting();
    const { schedule } = await w.calls();
    const later = (hours: number) => timestampFromDate(new Date(Date.now() + hours * HOUR));
    const first = await schedule.rescheduleActivity({
      activityRef: item.ref,
      version: await w.versionOf(item),
      channelRef: w.refs.shop,
      publishOn: later(72),
    });
    const { activity } = await schedule.rescheduleActivity({
      activityRef: item.ref,
      version: first.activity?.stamp?.version,
      publishOn: later(24),
    });
    expect(activity?.targets.map((one) => one.publishOn)).toEqual([undefined, undefined]);
    expect((await w.approve(item))?.status).toBe(ActivityStatus.SCHEDULED);
  });
});

describe("a plan's channels", () => {
  const month = { start: { year: 2026, month: 12, day: 1 }, end: { year: 2026, month: 12, day: 31 } };
  const row = { contentType: ContentType.BLOG_POST, quantity: 1, theme: "Rye" };

  it("are a list, of which the single field is the first; a single one is a list of one", async () => {
    const { plans } = await w.calls();
    const { plan } = await plans.createPlan({
      title: "December",
      ...month,
      deliverables: [
        { ...row, channelRefs: [w.refs.shop, w.refs.blog] },
        { ...row, channelRef: w.refs.blog },
        row,
      ],
    });
    expect(plan?.deliverables.map((one) => [one.channelRef, one.channelRefs])).toEqual([
      [w.refs.shop, [w.refs.shop, w.refs.blog]],
      [w.refs.blog, [w.refs.blog]],
      ["", []],
    ]);
    const unknown = plans.createPlan({
      title: "December",
      ...month,
      deliverables: [{ ...row, channelRefs: [w.refs.shop, plan?.ref ?? ""] }],
    });
    expect((await refusal(unknown)).rawMessage).toContain("deliverables[0].channel_refs[1]");
  });

  it("a row of the version before, which has one only, is read as a list of one", async () => {
    const { plans } = await w.calls();
    const { plan } = await plans.createPlan({
      title: "December",
      ...month,
      deliverables: [{ ...row, channelRef: w.refs.blog }],
    });
    await w.t.db.withTenant(w.client(), (tx) =>
      tx
        .updateTable("deliverable")
        .set({ channel_ids: [] })
        .where("id", "=", fromRef(plan?.deliverables[0]?.ref ?? ""))
        .execute(),
    );
    const read = await plans.getPlan({ planRef: plan?.ref });
    expect(read.plan?.deliverables[0]?.channelRefs).toEqual([w.refs.blog]);
  });
});
