import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import {
  ActivityStatus,
  OwedBy,
  PublicationStatus,
  TargetDecision,
} from "@leadmetrics/proto/content/v1/activities";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { no, refusal, states, TwoChannels, yes } from "./two-channels.ts";

let w: TwoChannels;
beforeAll(async () => {
  w = await TwoChannels.start();
});
afterAll(() => w?.close());
beforeEach(() => w.renew());

const { CONFIRMED, UNCONFIRMED, FAILED, PREPARED } = PublicationStatus;
const HOUR = 3_600_000;

describe("when one of two channels fails", () => {
  it("the other goes out, and only what failed is sent again", async () => {
    const item = await w.waiting();
    await w.approve(item);
    w.shop.trouble = "refused";
    await w.publish();
    const failed = await w.now(item);
    expect([failed.status, states(failed), w.posts(item)]).toEqual([
      ActivityStatus.PUBLISH_FAILED,
      [CONFIRMED, FAILED],
      [1, 0],
    ]);
    expect(failed.problem).toBe("Shop: Sorry, you are not allowed to publish.");
    expect(failed.targets.map((one) => one.owedBy)).toEqual([OwedBy.NOBODY, OwedBy.REVIEWER]);
    expect(await w.counted(item)).toEqual([0]);
    w.shop.trouble = undefined;
    const { activities } = await w.calls();
    await activities.retryActivity({ activityRef: item.ref, version: await w.versionOf(item) });
    await w.publish();
    const done = await w.now(item);
    expect([done.status, done.problem, w.posts(item), await w.counted(item)]).toEqual([
      ActivityStatus.PUBLISHED,
      "",
      [1, 1],
      [1],
    ]);
    expect(w.blog.asked).toBe(1);
  });

  it("what failed can be left out: it is published where it is out, and counted once", async () => {
    const item = await w.waiting();
    await w.approve(item);
    w.shop.trouble = "refused";
    await w.publish();
    const { activities } = await w.calls();
    const { activity } = await activities.cancelActivity({
      activityRef: item.ref,
      version: await w.versionOf(item),
      channelRefs: [w.refs.shop],
    });
    expect([activity?.status, activity?.targets[1]?.decision]).toEqual([
      ActivityStatus.PUBLISHED,
      TargetDecision.DECLINED,
    ]);
    expect(await w.counted(item)).toEqual([1]);
    const again = activities.retryActivity({ activityRef: item.ref, version: await w.versionOf(item) });
    expect((await refusal(again)).code).toBe(Code.FailedPrecondition);
  });

  it("a disconnected one fails by itself, and says which it is", async () => {
    const item = await w.waiting();
    await w.approve(item);
    const { channels } = await w.calls();
    await channels.disconnectChannel({ channelRef: w.refs.shop });
    await w.publish();
    const failed = await w.now(item);
    expect([failed.status, w.posts(item)]).toEqual([ActivityStatus.PUBLISH_FAILED, [1, 0]]);
    expect(failed.problem).toContain("Shop: ");
  });

  it("one that wants to be asked later doesn't keep the other", async () => {
    const item = await w.waiting();
    await w.approve(item);
    w.blog.trouble = "maintenance";
    await w.publish();
    const busy = await w.now(item);
    expect([busy.status, states(busy)]).toEqual([ActivityStatus.PUBLISHING, [PREPARED, CONFIRMED]]);
    w.blog.trouble = undefined;
    await w.afterAWhile(item);
    await w.publish();
    expect([(await w.now(item)).status, w.posts(item), await w.counted(item)]).toEqual([
      ActivityStatus.PUBLISHED,
      [1, 1],
      [1],
    ]);
  });
});

describe("when it isn't known whether one of two channels took it", () => {
  it("the other goes out, and the post is found, not sent again", async () => {
    const item = await w.waiting();
    await w.approve(item);
    w.blog.trouble = "lost";
    w.shop.slowMs = 300;
    await w.publish();
    const unsure = await w.now(item);
    expect([unsure.status, states(unsure), w.posts(item)]).toEqual([
      ActivityStatus.UNCONFIRMED,
      [UNCONFIRMED, CONFIRMED],
      [1, 1],
    ]);
    expect(unsure.problem).toContain("Blog: ");
    const { activities } = await w.calls();
    const version = await w.versionOf(item);
    expect((await refusal(activities.cancelActivity({ activityRef: item.ref, version }))).code).toBe(
      Code.FailedPrecondition,
    );
    w.blog.trouble = undefined;
    await w.afterAWhile(item);
    await w.publish();
    expect([(await w.now(item)).status, w.posts(item), w.blog.asked, await w.counted(item)]).toEqual([
      ActivityStatus.PUBLISHED,
      [1, 1],
      1,
      [1],
    ]);
  });

  it("and it is disconnected meanwhile, only a person can tell; nothing else is kept waiting", async () => {
    const [item, next] = [await w.waiting(), await w.waiting()];
    await w.approve(item);
    w.blog.trouble = "lost";
    await w.publish();
    w.blog.trouble = undefined;
    const { channels, publications } = await w.calls();
    await channels.disconnectChannel({ channelRef: w.refs.blog });
    await w.approve(next, [no(w.refs.blog), yes(w.refs.shop)]);
    await w.afterAWhile(item);
    await w.publish();
    const unsure = await w.now(item);
    expect([unsure.status, states(unsure), w.posts(next)]).toEqual([
      ActivityStatus.UNCONFIRMED,
      [UNCONFIRMED, CONFIRMED],
      [0, 1],
    ]);
    expect(unsure.problem).toContain("not connected");
    await publications.settlePublication({
      publicationRef: unsure.targets[0]?.publicationRef,
      published: false,
    });
    await w.publish();
    expect([(await w.now(item)).status, w.posts(item)]).toEqual([ActivityStatus.PUBLISH_FAILED, [1, 1]]);
  });

  it("a person can settle it while the other waits for its moment", async () => {
    const item = await w.waiting();
    const { publications, schedule } = await w.calls();
    await schedule.rescheduleActivity({
      activityRef: item.ref,
      version: await w.versionOf(item),
      channelRef: w.refs.shop,
      publishOn: timestampFromDate(new Date(Date.now() + 48 * HOUR)),
    });
    await w.approve(item);
    w.blog.trouble = "lost";
    await w.publish();
    const unsure = await w.now(item);
    expect([unsure.status, states(unsure)]).toEqual([ActivityStatus.UNCONFIRMED, [UNCONFIRMED, PREPARED]]);
    await publications.settlePublication({
      publicationRef: unsure.targets[0]?.publicationRef,
      published: true,
      url: "http://site.example/found/",
    });
    const settled = await w.now(item);
    expect([settled.status, settled.publishedUrl, settled.owedBy]).toEqual([
      ActivityStatus.SCHEDULED,
      "http://site.example/found/",
      OwedBy.CHANNEL,
    ]);
    expect(await w.counted(item)).toEqual([0]);
  });
});

describe("a publisher that is killed", () => {
  it.each(["content.publish.before-send", "content.publish.sent", "content.publish.stored"])(
    "at %s leaves nothing doubled and nothing behind, on either channel",
    async (place) => {
      const item = await w.waiting();
      await w.approve(item);
      expect(await killedAt(place)).toBe("SIGKILL");
      // Its lease is over; what it was at is looked up, the other one sent.
      for (let round = 0; round < 8 && (await w.now(item)).status !== ActivityStatus.PUBLISHED; round += 1) {
        await w.afterAWhile(item);
        await w.publish();
      }
      const done = await w.now(item);
      expect([done.status, states(done), w.posts(item), await w.counted(item)]).toEqual([
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
        URLS: JSON.stringify(w.t.urls),
        KEYS: w.t.config.ENCRYPTION_KEYS,
        SITES: w.deps.allowPrivate.join(","),
      },
      stdio: "inherit",
    });
    return new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
  }
});
