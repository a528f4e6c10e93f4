import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  emit,
  type Id,
  newId,
  Rights,
  service,
  startRpcServer,
  TokenVerifier,
  toRef,
} from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { ChannelChangedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { ChannelStatus } from "@leadmetrics/proto/content/v1/channels";
import { FeedService, PreferencesService } from "@leadmetrics/proto/notifications/v1/feed";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import { CrawlEndedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { CrawlStatus } from "@leadmetrics/proto/rag/v1/crawls";
import { MembersService } from "@leadmetrics/proto/tenancy/v1/members";
import { TenantsService } from "@leadmetrics/proto/tenancy/v1/tenants";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NotificationsDb } from "../src/db.ts";
import { Deliverer } from "../src/deliver/deliver.ts";
import { feedServices } from "../src/feed/rpc.ts";
import { occasionConsumer } from "../src/occasions.ts";
import { Mailbox } from "./mailbox.ts";

const ORIGINS = { dashboard: "http://dash.example", dm: "http://dm.example", manage: "http://m.example" };
/** A first event opens connections and its consumer; milliseconds. */
const PATIENT = { timeout: 15_000 };
const HERE = { timeZone: "Asia/Kolkata" };

const person = (name: string, role: TenantRole, reviewer = false) => ({
  userId: newId(),
  email: `${name}@bakery.example`,
  role,
  reviewer,
});
type Person = ReturnType<typeof person>;

let t: ServiceTest<NotificationsDb>;
let mailbox: Mailbox;
let tenancy: Awaited<ReturnType<typeof startTenancy>>;
let people: Record<"owner" | "admin" | "member" | "reviewer", Person>;

beforeAll(async () => {
  mailbox = await Mailbox.start();
  t = await startServiceTest<NotificationsDb>({
    service: "notifications",
    migrations: new URL("../migrations/", import.meta.url),
  });
  tenancy = await startTenancy();
  const config = { ...t.config, TENANCY_URL: `http://127.0.0.1:${tenancy.rpcPort}` };
  await t.start({
    config,
    rpc: ({ db }) => feedServices(db),
    consumers: ({ db, rpc }) => {
      const deliverer = new Deliverer({
        db,
        smtpUrl: mailbox.url,
        from: "Leadmetrics <no-reply@leadmetrics.example>",
        allowedDomains: ["bakery.example"],
      });
      return [occasionConsumer(deliverer, rpc, ORIGINS)];
    },
  });
});
afterAll(async () => {
  await t?.close();
  await tenancy?.close();
  await mailbox?.close();
});
beforeEach(() => {
  mailbox.empty();
  people = {
    owner: person("owner", TenantRole.OWNER),
    admin: person("admin", TenantRole.ADMIN),
    member: person("member", TenantRole.MEMBER),
    reviewer: person("reviewer", TenantRole.UNSPECIFIED, true),
  };
});

/** Tenancy as it answers over the wire: who is concerned, and by whose clock. */
function startTenancy() {
  const unused = () => ({});
  return startRpcServer({
    services: [
      service(MembersService, {
        listRecipients: () => ({
          recipients: Object.values(people).map(({ userId, ...rest }) => ({
            ...rest,
            userRef: toRef(userId),
          })),
        }),
        listMembershipsOfUser: unused,
        listMembers: unused,
        inviteMember: unused,
        listInvitations: unused,
        revokeInvitation: unused,
        acceptInvitation: unused,
        changeMemberRole: unused,
        removeMember: unused,
        mintInvitationToken: unused,
      }),
      service(TenantsService, {
        getTenant: () => ({ tenant: HERE }),
        createTenant: unused,
        listTenants: unused,
        updateTenant: unused,
        setTenantStatus: unused,
      }),
    ],
    verifier: new TokenVerifier(t.keys, new Rights()),
    log: t.log,
    host: "127.0.0.1",
    rpcPort: 0,
    grpcPort: 0,
    isReady: () => true,
  });
}

/** What another service says of the tenant, as its outbox puts it on the broker. */
function says<D extends DescMessage>(
  schema: D,
  data: MessageInitShape<D>,
  { from, subject }: { from: string; subject: string },
) {
  const options = { aggregate: newId(), subject: `evt.${subject}.v1.${toRef(t.tenantA)}` };
  return t.db.global((tx) => emit(tx, t.ctx.service(from, t.tenantA), schema, data, options));
}

const feedOf = async ({ userId }: { userId: Id }) => {
  const feed = await t.client(FeedService, t.ctx.tenant(t.tenantA, "member", userId).principal);
  return (await feed.listNotifications({})).notifications;
};
const titlesOf = async (who: { userId: Id }) => (await feedOf(who)).map(({ title }) => title);
const mailed = () => [...mailbox.byReader().keys()].sort();

describe("a channel that is needed soon and doesn't take us", () => {
  const lost = (neededOn?: Date) =>
    says(
      ChannelChangedSchema,
      {
        channel: {
          ref: toRef(newId()),
          name: "Crumb bakery blog",
          status: ChannelStatus.EXPIRED,
          problem: "The application password isn't taken any more.",
        },
        neededOn: neededOn && timestampFromDate(neededOn),
      },
      { from: "content", subject: "content.channel.changed" },
    );

  it("is told once, in feed and mail, to those who may connect it again, by their clock", async () => {
    await lost(new Date("2026-12-01T23:30:00Z"));
    await expect.poll(mailed, PATIENT).toEqual(["admin@bakery.example", "owner@bakery.example"]);
    const [notification, ...others] = await feedOf(people.owner);
    expect(others).toEqual([]);
    expect(notification).toMatchObject({
      kind: "publication_trouble",
      title: "Crumb bakery blog has to be connected again",
      body: "Something is to go out there on Wednesday 2 December at 05:00 (Asia/Kolkata), and it doesn't take us as it is. The application password isn't taken any more.",
      link: "/channels",
      tenantRef: toRef(t.tenantA),
    });
    expect(await titlesOf(people.admin)).toHaveLength(1);
    expect(await titlesOf(people.member)).toEqual([]);
    expect(await titlesOf(people.reviewer)).toEqual([]);
    const [mail = "", ...more] = mailbox.byReader().get("owner@bakery.example") ?? [];
    expect(more).toEqual([]);
    expect(mail).toContain("Subject: Crumb bakery blog has to be connected again");
    expect(mail).toContain("Wednesday 2 December at 05:00 (Asia/Kolkata)");
    expect(mail).toContain("http://dash.example/channels");
  });

  it("is no news while nothing goes out there", async () => {
    await lost();
    await lost(new Date("2026-12-03T08:00:00Z"));
    await expect.poll(mailed, PATIENT).toHaveLength(2);
    // The one that is told comes after the other on the same stream.
    await expect.poll(() => titlesOf(people.owner), PATIENT).toHaveLength(1);
  });
});

describe("a website that was read again", () => {
  const ended = (crawl: MessageInitShape<typeof CrawlEndedSchema>["crawl"], askedBy = "") =>
    says(
      CrawlEndedSchema,
      {
        crawl: { startUrl: "https://www.bakery.example/", again: true, ...crawl },
        askedBy,
      },
      { from: "rag", subject: "rag.crawl.ended" },
    );

  it("is told to who asked for it when what agents use has changed", async () => {
    const asker = toRef(people.admin.userId);
    await ended({ status: CrawlStatus.FINISHED, pagesChanged: 2, pagesGone: 1 }, asker);
    await expect.poll(mailed, PATIENT).toEqual(["admin@bakery.example"]);
    const [notification] = await feedOf(people.admin);
    expect(notification).toMatchObject({
      kind: "website_read",
      title: "bakery.example has changed since it was last read",
      body: "2 pages have changed and 1 is gone. Agents use what the website says now.",
      link: "/knowledge",
    });
    expect(await titlesOf(people.owner)).toEqual([]);
  });

  it("is told to those who run the company when who asked has left, and says why it failed", async () => {
    await ended({ status: CrawlStatus.FAILED, problem: "The site doesn't answer." }, toRef(newId()));
    await expect.poll(mailed, PATIENT).toEqual(["admin@bakery.example", "owner@bakery.example"]);
    const [notification] = await feedOf(people.owner);
    expect(notification).toMatchObject({
      title: "bakery.example could not be read again",
      body: "The site doesn't answer. Agents go on with what they knew of it.",
    });
    expect(await titlesOf(people.member)).toEqual([]);
  });

  it("comes the ways they have chosen, and not at all when nothing has changed", async () => {
    const { owner } = people;
    const preferences = await t.client(
      PreferencesService,
      t.ctx.tenant(t.tenantA, "owner", owner.userId).principal,
    );
    await preferences.setPreference({ preference: { kind: "website_read", inApp: true, email: false } });
    await ended({ status: CrawlStatus.FINISHED, pagesUnchanged: 9 }, toRef(owner.userId));
    await ended({ status: CrawlStatus.FINISHED, pagesAdded: 1 }, toRef(owner.userId));
    await expect.poll(() => titlesOf(owner), PATIENT).toHaveLength(1);
    expect((await feedOf(owner))[0]?.body).toContain("1 page is new.");
    expect(mailed()).toEqual([]);
  });
});
