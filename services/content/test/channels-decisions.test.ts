import { Code } from "@connectrpc/connect";
import { fromRef, toRef, userIdOf } from "@leadmetrics/kit";
import {
  ActivityStatus,
  OwedBy,
  PublicationStatus,
  TargetDecision,
} from "@leadmetrics/proto/content/v1/activities";
import { ApprovalLinksService } from "@leadmetrics/proto/content/v1/approval_links";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { no, refusal, states, TwoChannels, yes } from "./two-channels.ts";

let w: TwoChannels;
beforeAll(async () => {
  w = await TwoChannels.start();
});
afterAll(() => w?.close());
beforeEach(() => w.renew());

const { CONFIRMED, PREPARED } = PublicationStatus;
const _HOUR = 3_600_000;

const HOUR = 3_600_000;

describe("one item for two channels", () => {
  it("goes out once on each and counts once", async () => {
    const item = await w.waiting();
    expect((await w.now(item)).targets.map((one) => [one.channelName, one.decision, one.owedBy])).toEqual([
      ["Blog", TargetDecision.PENDING, OwedBy.CLIENT],
      ["Shop", TargetDecision.PENDING, OwedBy.CLIENT],
    ]);
    await w.approve(item);
    await Promise.all([w.publish(), w.publish()]);
    await w.publish();
    const done = await w.now(item);
    expect([done.status, states(done), w.posts(item)]).toEqual([
      ActivityStatus.PUBLISHED,
      [CONFIRMED, CONFIRMED],
      [1, 1],
    ]);
    expect(done.publishedUrl).toBe(done.targets[0]?.url);
    expect(await w.counted(item)).toEqual([1]);
  });

  it("goes where the client approved it, and says why not elsewhere", async () => {
    const item = await w.waiting();
    const approved = await w.approve(item, [no(w.refs.blog), yes(w.refs.shop)]);
    expect(approved?.channelRef).toBe(w.refs.shop);
    await w.publish();
    const done = await w.now(item);
    expect([done.status, w.posts(item), await w.counted(item)]).toEqual([
      ActivityStatus.PUBLISHED,
      [0, 1],
      [1],
    ]);
    expect(done.targets[0]).toMatchObject({
      decision: TargetDecision.DECLINED,
      note: "Not for our shop",
      owedBy: OwedBy.NOBODY,
      decidedBy: { id: toRef(userIdOf(w.client()) ?? fromRef(item.ref)) },
    });
    const { activities } = await w.calls();
    const { approvals } = await activities.getActivity({ activityRef: item.ref });
    expect(approvals.at(-1)?.channels.map((one) => [one.channelRef, one.approved])).toEqual([
      [w.refs.blog, false],
      [w.refs.shop, true],
    ]);
  });

  it("is rejected when every channel is declined, with the notes for the agent", async () => {
    const item = await w.waiting();
    const rejected = await w.approve(item, [no(w.refs.blog, "Too dry"), no(w.refs.shop, "Too long")]);
    expect([rejected?.status, rejected?.rejections]).toEqual([ActivityStatus.QUEUED, 1]);
    const { activities } = await w.calls();
    const { approvals } = await activities.getActivity({ activityRef: item.ref });
    expect(approvals.at(-1)?.note).toBe("Blog: Too dry\nShop: Too long");
    expect(rejected?.targets.map((one) => one.decision)).toEqual([
      TargetDecision.PENDING,
      TargetDecision.PENDING,
    ]);
  });

  it("is decided for each of its channels or for none by name, and only for this very text", async () => {
    const item = await w.waiting();
    for (const channels of [
      [yes(w.refs.blog)],
      [yes(w.refs.blog), yes(item.ref)],
      [yes(w.refs.blog), no(w.refs.shop, " ")],
    ])
      expect((await refusal(w.approve(item, channels))).code).toBe(Code.InvalidArgument);
    const { approvals } = await w.calls();
    const other = { activityRef: item.ref, version: await w.versionOf(item), contentHash: "another text" };
    expect((await refusal(approvals.approveContent(other))).code).toBe(Code.FailedPrecondition);
    const bundle = await approvals.approveBundle({
      approvals: [
        { ...other, contentHash: item.hash, channels: [yes(w.refs.blog)] },
        { ...other, contentHash: item.hash, channels: [yes(w.refs.blog), no(w.refs.shop)] },
      ],
    });
    expect(bundle.outcomes.map(({ activity, problem }) => [activity?.status, problem])).toEqual([
      [undefined, expect.stringContaining('says nothing of "Shop"')],
      [ActivityStatus.APPROVED, ""],
    ]);
  });

  it("can be decided for each channel by a mailed link", async () => {
    const item = await w.waiting();
    const mailer = await w.t.client(
      ApprovalLinksService,
      { kind: "service", service: "notifications" },
      w.t.tenantA,
    );
    const userRef = toRef(userIdOf(w.client()) ?? fromRef(item.ref));
    const { token } = await mailer.mintApprovalLink({
      activityRef: item.ref,
      contentHash: item.hash,
      userRef,
    });
    const open = await w.t.client(ApprovalLinksService, { kind: "public" });
    const shown = await open.openApprovalLink({ token });
    expect(shown.channels.map((one) => [one.name, one.url])).toEqual([
      ["Blog", `http://${w.blog.address}`],
      ["Shop", `http://${w.shop.address}`],
    ]);
    const channels = [yes(w.refs.blog), no(w.refs.shop)];
    expect((await open.decideByApprovalLink({ token, approved: true, channels })).approved).toBe(true);
    await w.publish();
    expect([w.posts(item), (await w.now(item)).status]).toEqual([[1, 0], ActivityStatus.PUBLISHED]);
  });

  it("can't be called published by whoever knows one channel only, as long as the other hasn't it", async () => {
    const item = await w.waiting({ publishOn: new Date(Date.now() + HOUR) });
    await w.approve(item);
    const oldReplica = () =>
      w.t.db.withTenant(w.client(), async (tx) => {
        await tx
          .updateTable("publication")
          .set({ status: "confirmed" })
          .where("channel_id", "=", fromRef(w.refs.blog))
          .where("activity_id", "=", item.id)
          .execute();
        await tx.updateTable("activity").set({ status: "published" }).where("id", "=", item.id).execute();
      });
    await expect(oldReplica()).rejects.toThrow("is not out on every channel it goes to");
    expect((await w.now(item)).status).toBe(ActivityStatus.SCHEDULED);
    expect(states(await w.now(item))).toEqual([PREPARED, PREPARED]);
  });
});
