import { fromBinary } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { fromRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { ChannelChangedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { type Channel, ChannelStatus, ChannelsService } from "@leadmetrics/proto/content/v1/channels";
import { ApprovalsService } from "@leadmetrics/proto/content/v1/reviews";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ChannelDeps } from "../src/channels/rpc.ts";
import { testAhead, WATCH } from "../src/channels/watch.ts";
import type { ContentDb } from "../src/db.ts";
import { servicesOf } from "../src/services.ts";
import { draft } from "./draft.ts";
import { Site } from "./site.ts";

const HOUR = 3_600_000;

describe("a channel that something approved goes out to", () => {
  let t: ServiceTest<ContentDb>;
  let site: Site;
  let deps: ChannelDeps;
  let ctx: ReturnType<typeof t.ctx.tenant>;

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
    });
    ctx = t.ctx.tenant();
  });
  afterAll(async () => {
    await t?.close();
    site?.stop();
  });

  beforeEach(() => Object.assign(site, { trouble: undefined, known: true }));

  const channels = () => t.client(ChannelsService, ctx.principal);
  /** A connected channel with something approved that goes out there in so many hours. */
  async function neededIn(hours: number, name: string): Promise<string> {
    const { channel } = await (await channels()).connectChannel({
      name,
      credentials: {
        case: "wordpress",
        value: { siteUrl: `http://${site.address}`, username: "editor", applicationPassword: "right" },
      },
    });
    const ref = channel?.ref ?? "";
    const publishOn = new Date(Date.now() + hours * HOUR);
    const item = await draft(t, `For ${name}`, { channelRefs: [ref], publishOn });
    await (await t.client(ApprovalsService, ctx.principal)).approveContent({
      activityRef: item.ref,
      version: 1,
      contentHash: item.hash,
    });
    return ref;
  }
  const look = async (hoursFromNow: number) =>
    testAhead(deps, new AbortController().signal, new Date(Date.now() + hoursFromNow * HOUR));
  const now = async (ref: string): Promise<Channel | undefined> =>
    (await (await channels()).listChannels({})).channels.find((channel) => channel.ref === ref);
  /** The moments for which people were told that a channel is lost. */
  const told = async (ref: string): Promise<Date[]> => {
    const { rows } = await t.db.withSystem("test", (tx) =>
      sql<{ payload: Uint8Array }>`select payload from kit.outbox
        where aggregate_key = ${fromRef(ref)} and event_type like '%.ChannelChanged' order by seq`.execute(
        tx,
      ),
    );
    return rows
      .map(({ payload }) => fromBinary(ChannelChangedSchema, payload).neededOn)
      .flatMap((moment) => (moment ? [timestampDate(moment)] : []));
  };

  it("is asked before its hour: a password that isn't taken any more is found out and told once", async () => {
    const ref = await neededIn(30, "Blog");
    site.known = false;
    // The answer at the connecting is young enough for now.
    await look(0);
    expect((await now(ref))?.status).toBe(ChannelStatus.CONNECTED);
    await look(7);
    expect(await now(ref)).toMatchObject({
      status: ChannelStatus.EXPIRED,
      problem: expect.stringMatching(/\w/),
    });
    const [moment, ...others] = await told(ref);
    expect(others).toEqual([]);
    expect(Math.abs((moment?.getTime() ?? 0) - Date.now() - 30 * HOUR)).toBeLessThan(HOUR);
    await look(8);
    expect(await told(ref)).toHaveLength(1);
    // It is asked again by itself, and well once somebody has mended it.
    site.known = true;
    await look(9);
    expect(await now(ref)).toMatchObject({ status: ChannelStatus.CONNECTED, problem: "" });
  });

  it("is connected again with another password and stays the channel it was, after a disconnection too", async () => {
    const ref = await neededIn(30, "Again");
    const client = await channels();
    const connect = (siteUrl: string, channelRef = "") =>
      client.connectChannel({
        channelRef,
        credentials: {
          case: "wordpress",
          value: { siteUrl, username: "editor", applicationPassword: "right" },
        },
      });
    site.known = false;
    await look(7);
    await expect(connect(`http://${site.address}`, ref)).rejects.toThrow();
    expect((await now(ref))?.status).toBe(ChannelStatus.EXPIRED);
    site.known = true;
    await expect(connect("https://elsewhere.example", ref)).rejects.toThrow(
      /another site than that of "Again"/,
    );
    const { channel } = await connect(`http://${site.address}/`, ref);
    expect(channel).toMatchObject({ ref, name: "Again", status: ChannelStatus.CONNECTED, problem: "" });
    await client.disconnectChannel({ channelRef: ref });
    expect((await connect(`http://${site.address}`)).channel).toMatchObject({ ref, name: "Again" });
  });

  it("is left alone while nothing goes out there soon", async () => {
    const ref = await neededIn(24 * 20, "Later");
    const before = (await now(ref))?.testedOn;
    await look(24);
    expect((await now(ref))?.testedOn).toEqual(before);
    expect(WATCH.aheadMs).toBeLessThan(24 * 20 * HOUR);
  });

  it("that is only away for a while is noted and asked again, and nobody is alarmed", async () => {
    const ref = await neededIn(30, "Away");
    site.trouble = "away";
    await look(7);
    expect((await now(ref))?.status).toBe(ChannelStatus.UNREACHABLE);
    expect(await told(ref)).toEqual([]);
    site.trouble = undefined;
    await look(8);
    expect((await now(ref))?.status).toBe(ChannelStatus.CONNECTED);
  });
});
