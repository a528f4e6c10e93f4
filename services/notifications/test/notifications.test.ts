import { newId, ok, retry, toRef } from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { FeedService, PreferencesService } from "@leadmetrics/proto/notifications/v1/feed";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NotificationsDb } from "../src/db.ts";
import { Deliverer, type Occasion } from "../src/deliver/deliver.ts";
import { feedServices } from "../src/feed/rpc.ts";
import { published } from "../src/templates/published.ts";
import { Mailbox } from "./mailbox.ts";

const ORIGIN = "http://127.0.0.1:3000";

let t: ServiceTest<NotificationsDb>;
let mailbox: Mailbox;
let deliverer: Deliverer;

beforeAll(async () => {
  mailbox = await Mailbox.start();
  t = await startServiceTest<NotificationsDb>({
    service: "notifications",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({ config: t.config, rpc: ({ db }) => feedServices(db) });
  deliverer = new Deliverer({
    db: t.db,
    smtpUrl: mailbox.url,
    from: "Leadmetrics <no-reply@leadmetrics.example>",
    allowedDomains: ["bakery.example"],
  });
});
afterAll(async () => {
  await t?.close();
  await mailbox?.close();
});
beforeEach(() => mailbox.empty());

const occasion = (more: Partial<Occasion> = {}): Occasion => ({
  eventId: newId(),
  tenantId: t.tenantA,
  template: published,
  fields: {
    activity: { ref: "01ACTIVITY", title: "Rye & “spelt” <b>" },
    publication: { url: "https://bakery.example/rye" },
  },
  ...more,
});
const somebody = () => ({ userId: newId(), email: "clara@bakery.example" });
const tell = (what: Occasion, who: { userId: ReturnType<typeof newId>; email: string }) =>
  deliverer.tell(t.ctx.service("content", t.tenantA), what, [
    { userRef: toRef(who.userId), email: who.email, origin: ORIGIN },
  ]);
const feedOf = (who: { userId: ReturnType<typeof newId> }) =>
  t.client(FeedService, t.ctx.tenant(t.tenantA, "member", who.userId).principal);

async function deliveries(eventId: string) {
  return t.db.global((tx) => tx.selectFrom("delivery").selectAll().where("event_id", "=", eventId).execute());
}

describe("an event that concerns somebody", () => {
  it("is in their feed and in their mail once, however often it comes", async () => {
    const who = somebody();
    const what = occasion();
    expect(await tell(what, who)).toEqual(ok());
    expect(await tell(what, who)).toEqual(ok());
    const feed = await (await feedOf(who)).listNotifications({});
    expect(feed.notifications.map((each) => each.title)).toEqual(['"Rye & “spelt” <b>" is published']);
    expect(feed.unread).toBe(1);
    expect(mailbox.mails).toHaveLength(1);
    expect(mailbox.mails[0]).toContain("To: clara@bakery.example");
    // What a title says is text, never markup.
    expect(mailbox.mails[0]?.replace(/=\r?\n/g, "")).not.toContain('<b>" is published');
  });

  it("is read once it is marked, by its own reader only", async () => {
    const [who, other] = [somebody(), somebody()];
    await tell(occasion(), who);
    const mine = await feedOf(who);
    const [notification] = (await mine.listNotifications({})).notifications;
    const refs = { notificationRefs: [notification?.ref ?? ""] };
    await (await feedOf(other)).markNotificationsRead(refs);
    expect((await mine.listNotifications({ unreadOnly: true })).notifications).toHaveLength(1);
    expect((await mine.markNotificationsRead(refs)).unread).toBe(0);
    expect((await (await feedOf(other)).listNotifications({})).notifications).toEqual([]);
  });

  it("comes the ways they have chosen", async () => {
    const who = somebody();
    const preferences = await t.client(
      PreferencesService,
      t.ctx.tenant(t.tenantA, "member", who.userId).principal,
    );
    await preferences.setPreference({ preference: { kind: "published", inApp: true, email: false } });
    await tell(occasion(), who);
    expect(mailbox.mails).toEqual([]);
    expect((await (await feedOf(who)).listNotifications({})).notifications).toHaveLength(1);
    await expect(
      preferences.setPreference({ preference: { kind: "verify_email", inApp: false, email: false } }),
    ).rejects.toThrow("can't be switched off");
  });
});

describe("a mail", () => {
  it("to a domain that is not allowed is not sent, and that is noted", async () => {
    const what = occasion();
    await tell(what, { userId: newId(), email: "real.person@customer.example" });
    expect(mailbox.mails).toEqual([]);
    expect(await deliveries(what.eventId)).toMatchObject([{ status: "skipped" }]);
  });

  it("that the server can't take now is tried again, and goes out once", async () => {
    const [who, what] = [somebody(), occasion()];
    mailbox.refuse = { responseCode: 451 };
    expect((await tell(what, who)).kind).toBe(retry(0, "").kind);
    mailbox.refuse = undefined;
    expect(await tell(what, who)).toEqual(ok());
    expect(mailbox.mails).toHaveLength(1);
    expect(await deliveries(what.eventId)).toMatchObject([{ status: "sent", attempts: 2 }]);
  });

  it("that the server refuses for good is not tried again, and people can know", async () => {
    const [who, what] = [somebody(), occasion()];
    mailbox.refuse = { responseCode: 550 };
    expect(await tell(what, who)).toEqual(ok());
    expect(await deliveries(what.eventId)).toMatchObject([{ status: "failed" }]);
    const { rows } = await t.db.withSystem("test", (tx) =>
      sql<{
        count: number;
      }>`select count(*)::int as count from kit.outbox where event_type like '%DeliveryFailed'`.execute(tx),
    );
    expect(rows[0]?.count).toBe(1);
  });
});

it("keeps tenants apart in every table", () => catalogueTest(t));
