import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Event, type Id, newId, ok, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { PublicationConfirmedSchema } from "@leadmetrics/proto/content/events/v1/events";
import {
  PublicationStatus as P,
  type PublicationSchema,
  TargetDecision,
} from "@leadmetrics/proto/content/v1/activities";
import { FeedService } from "@leadmetrics/proto/notifications/v1/feed";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NotificationsDb } from "../src/db.ts";
import { Deliverer } from "../src/deliver/deliver.ts";
import { feedServices } from "../src/feed/rpc.ts";
import { tellPublication } from "../src/publications/tell.ts";

let t: ServiceTest<NotificationsDb>;
let deliverer: Deliverer;
let people: { client: Id; reviewer: Id };

beforeAll(async () => {
  t = await startServiceTest<NotificationsDb>({
    service: "notifications",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({ config: t.config, rpc: ({ db }) => feedServices(db) });
  deliverer = new Deliverer({
    db: t.db,
    smtpUrl: "smtp://127.0.0.1:9",
    from: "Leadmetrics <no-reply@leadmetrics.example>",
    // Nobody here gets a mail.
    allowedDomains: ["nobody.example"],
  });
});
afterAll(() => t?.close());
beforeEach(() => {
  people = { client: newId(), reviewer: newId() };
});

type Channels = Readonly<Record<string, P>>;
type Sent = Event<{
  activity: ReturnType<typeof create<typeof PublicationConfirmedSchema>>["activity"];
  publication: ReturnType<typeof create<typeof PublicationSchema>> | undefined;
}>;

const START = Date.parse("2026-12-01T09:00:00Z");
/** The publications of one item, by channel. */
const item = (...names: string[]) => new Map(names.map((name) => [name, toRef(newId())]));

/** What content says when `own` has come to where it is, `seconds` after the start. */
function event(refs: ReadonlyMap<string, string>, own: string, channels: Channels, seconds: number): Sent {
  const at = new Date(START + seconds * 1_000);
  const data = create(PublicationConfirmedSchema, {
    activity: {
      ref: "A",
      title: "Rye",
      targets: Object.entries(channels).map(([channelName, publicationStatus]) => ({
        channelName,
        publicationStatus,
        publicationRef: refs.get(channelName) ?? "",
        decision: TargetDecision.APPROVED,
        url: publicationStatus === P.CONFIRMED ? `https://${channelName}.example` : "",
        problem: publicationStatus === P.CONFIRMED ? "" : `${channelName} says no.`,
        ...(publicationStatus === P.CONFIRMED ? { confirmedOn: timestampFromDate(at) } : {}),
      })),
    },
    publication: {
      ref: refs.get(own) ?? "",
      status: channels[own],
      url: `https://${own}.example`,
      problem: `${own} says no.`,
    },
  });
  return {
    id: newId(),
    type: PublicationConfirmedSchema.typeName,
    tenantId: t.tenantA,
    actor: { kind: "system", id: "publisher" },
    occurredAt: at,
    deliveries: 1,
    data: { activity: data.activity, publication: data.publication },
  };
}
const again = (one: Sent): Sent => ({ ...one, deliveries: one.deliveries + 1 });

const tell = (one: Sent) =>
  tellPublication({ db: t.db, deliverer }, t.ctx.service("content", t.tenantA), one, async (audience) =>
    [people.reviewer, ...(audience === "everybody" ? [people.client] : [])].map((id) => ({
      userRef: toRef(id),
      email: "somebody@elsewhere.example",
      origin: "http://127.0.0.1:3000",
    })),
  );

async function toldTo(who: "client" | "reviewer") {
  const { principal } = t.ctx.tenant(t.tenantA, "member", people[who]);
  const { notifications } = await (await t.client(FeedService, principal)).listNotifications({});
  return notifications.reverse().map(({ title, body }) => `${title} | ${body}`);
}

describe("what became of an item", () => {
  it("names its channel", async () => {
    const refs = item("blog");
    expect(await tell(event(refs, "blog", { blog: P.CONFIRMED }, 0))).toEqual(ok());
    expect(await toldTo("client")).toEqual(['"Rye" is published on blog | It is at https://blog.example.']);
  });

  it("is one message for channels that go out together, told by the last of them", async () => {
    const refs = item("blog", "shop");
    const first = event(refs, "blog", { blog: P.CONFIRMED, shop: P.SENDING }, 0);
    expect((await tell(first)).kind).toBe("retry");
    expect(await toldTo("client")).toEqual([]);
    await tell(event(refs, "shop", { blog: P.CONFIRMED, shop: P.CONFIRMED }, 3));
    expect(await tell(again(first))).toEqual(ok());
    expect(await toldTo("client")).toEqual([
      '"Rye" is published on blog and shop | blog: https://blog.example\nshop: https://shop.example',
    ]);
  });

  it("doesn't wait longer than a moment for a channel that takes its time", async () => {
    const refs = item("blog", "shop");
    const first = event(refs, "blog", { blog: P.CONFIRMED, shop: P.SENDING }, 0);
    await tell(first);
    await tell(again(first));
    await tell(event(refs, "shop", { blog: P.CONFIRMED, shop: P.CONFIRMED }, 60));
    expect(await toldTo("client")).toEqual([
      '"Rye" is published on blog | It is at https://blog.example.',
      '"Rye" is published on shop | It is at https://shop.example.',
    ]);
  });

  it("tells what went out and what failed apart, each by its channels", async () => {
    const refs = item("blog", "shop", "news");
    const out = event(refs, "blog", { blog: P.CONFIRMED, shop: P.SENDING, news: P.SENDING }, 0);
    await tell(out);
    const failed = event(refs, "shop", { blog: P.CONFIRMED, shop: P.FAILED, news: P.SENDING }, 1);
    await tell(failed);
    await tell(event(refs, "news", { blog: P.CONFIRMED, shop: P.FAILED, news: P.FAILED }, 2));
    await tell(again(out));
    await tell(again(failed));
    expect(await toldTo("client")).toEqual([
      '"Rye" could not be published on shop and news | shop: shop says no.\nnews: news says no.',
      '"Rye" is published on blog | It is at https://blog.example.',
    ]);
  });

  it("is told again when a channel fails a second time, and when it works in the end", async () => {
    const refs = item("blog");
    await tell(event(refs, "blog", { blog: P.FAILED }, 0));
    await tell(event(refs, "blog", { blog: P.FAILED }, 100));
    await tell(event(refs, "blog", { blog: P.CONFIRMED }, 200));
    expect(await toldTo("client")).toHaveLength(3);
  });

  it("that isn't known is told to the internal team alone", async () => {
    const refs = item("blog");
    await tell(event(refs, "blog", { blog: P.UNCONFIRMED }, 0));
    expect(await toldTo("client")).toEqual([]);
    expect(await toldTo("reviewer")).toEqual([
      `It isn't known whether "Rye" is published on blog | blog says no.`,
    ]);
  });

  it("is told once, however often its event comes", async () => {
    const one = event(item("blog"), "blog", { blog: P.CONFIRMED }, 0);
    for (const each of [one, again(one), again(again(one))]) expect(await tell(each)).toEqual(ok());
    expect(await toldTo("client")).toHaveLength(1);
  });
});
