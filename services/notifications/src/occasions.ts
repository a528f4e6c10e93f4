import { type DescMessage, toJson } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  asService,
  type ConsumerDefinition,
  type Ctx,
  consumer,
  type Event,
  ok,
  onExternal,
  type RpcClients,
} from "@leadmetrics/kit";
import * as agents from "@leadmetrics/proto/agents/events/v1/events";
import * as billing from "@leadmetrics/proto/billing/events/v1/events";
import * as content from "@leadmetrics/proto/content/events/v1/events";
import { ActivityStatus } from "@leadmetrics/proto/content/v1/activities";
import { ApprovalLinksService } from "@leadmetrics/proto/content/v1/approval_links";
import {
  MailTokenRequestedSchema,
  SignInMethodChange,
  SignInMethodsChangedSchema,
} from "@leadmetrics/proto/identity/events/v1/events";
import { App } from "@leadmetrics/proto/identity/v1/auth";
import { MailTokenKind, MailTokensService } from "@leadmetrics/proto/identity/v1/keys";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import { CrawlEndedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { ContextProposedSchema, MemberInvitedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { MembersService, type Recipient } from "@leadmetrics/proto/tenancy/v1/members";
import { TenantsService } from "@leadmetrics/proto/tenancy/v1/tenants";
import { momentText } from "./channels/moment.ts";
import type { NotificationsDb } from "./db.ts";
import type { Deliverer, Reader } from "./deliver/deliver.ts";
import { tellPublication } from "./publications/tell.ts";
import { approvalWanted } from "./templates/approval-wanted.ts";
import { budgetNear, budgetReached } from "./templates/budget.ts";
import { channelTrouble } from "./templates/channel-trouble.ts";
import { contextProposed } from "./templates/context-proposed.ts";
import { creditsExhausted, creditsLow } from "./templates/credits.ts";
import { draftReady } from "./templates/draft-ready.ts";
import { invitation } from "./templates/invitation.ts";
import { resetPassword } from "./templates/reset-password.ts";
import { signInChanged } from "./templates/sign-in-changed.ts";
import type { Template } from "./templates/template.ts";
import { verifyEmail } from "./templates/verify-email.ts";
import { websiteNews } from "./websites/news.ts";

/** Where the portals are reached from outside. */
export interface Origins {
  readonly dashboard: string;
  readonly dm: string;
  readonly manage: string;
}

/** A reader who has an account. */
interface Told extends Reader {
  /** Whether they may decide on content of their company. */
  readonly mayDecide: boolean;
  /** Whether they are an owner or an admin of their company. */
  readonly runsCompany: boolean;
}

type Audience = "clients" | "reviewers" | "everybody";

/** Which events tell whom what. */
export function occasionConsumer(
  deliverer: Deliverer,
  rpc: RpcClients,
  origins: Origins,
): ConsumerDefinition<NotificationsDb> {
  const members = rpc.client(MembersService, "tenancy");
  const tenants = rpc.client(TenantsService, "tenancy");
  const mailTokens = rpc.client(MailTokensService, "identity");
  const links = rpc.client(ApprovalLinksService, "content");

  const readersOf = async (ctx: Ctx, audience: Audience): Promise<Told[]> => {
    const { recipients } = await members.listRecipients({}, asService(ctx));
    const wanted = (recipient: Recipient) =>
      audience === "everybody" || recipient.reviewer === (audience === "reviewers");
    return recipients.filter(wanted).map(({ userRef, email, role, reviewer }) => ({
      userRef,
      email,
      origin: reviewer ? origins.dm : origins.dashboard,
      mayDecide: !reviewer && role >= TenantRole.MEMBER,
      runsCompany: !reviewer && role >= TenantRole.ADMIN,
    }));
  };

  /** An event that tells an audience of its tenant. */
  const tells = <D extends DescMessage>(schema: D, template: Template, audience: Audience) =>
    onExternal<NotificationsDb, D>(schema, async (event, { ctx }) =>
      deliverer.tell(
        ctx,
        occasion(event, template, toJson(schema, event.data) as Record<string, unknown>),
        await readersOf(ctx, audience),
      ),
    );

  const transitioned = onExternal<NotificationsDb, typeof content.ActivityTransitionedSchema>(
    content.ActivityTransitionedSchema,
    async (event, { ctx }) => {
      const { activity } = event.data;
      const told: Partial<Record<ActivityStatus, [Template, Audience]>> = {
        [ActivityStatus.DM_REVIEW]: [draftReady, "reviewers"],
        [ActivityStatus.CLIENT_REVIEW]: [approvalWanted, "clients"],
      };
      const [template, audience] = (activity && told[activity.status]) ?? [];
      if (!activity || !template || !audience) return ok();
      const readers = await readersOf(ctx, audience);
      const fields = toJson(content.ActivityTransitionedSchema, event.data) as Record<string, unknown>;
      if (!template.mailLink) return deliverer.tell(ctx, occasion(event, template, fields), readers);
      const deciding = new Set(readers.filter((reader) => reader.mayDecide).map((reader) => reader.userRef));
      const secretFor = async ({ userRef }: Reader) => {
        if (!userRef || !deciding.has(userRef)) return undefined;
        const wanted = { activityRef: activity.ref, contentHash: activity.contentHash, userRef };
        return (await unlessGone(links.mintApprovalLink(wanted, asService(ctx))))?.token;
      };
      return deliverer.tell(ctx, { ...occasion(event, template, fields), secretFor }, readers);
    },
  );

  const mailToken = onExternal<NotificationsDb, typeof MailTokenRequestedSchema>(
    MailTokenRequestedSchema,
    async (event, { ctx }) => {
      const { data } = event;
      const minted = await unlessGone(
        mailTokens.mintMailToken({ requestRef: data.requestRef }, asService(ctx)),
      );
      if (!minted) return ok();
      const template = data.kind === MailTokenKind.EMAIL_VERIFICATION ? verifyEmail : resetPassword;
      const origin = originOf(origins, data.app);
      return deliverer.tell(ctx, occasion(event, template, { name: data.name, token: minted.token }), [
        { userRef: data.userRef, email: data.email, origin },
      ]);
    },
  );

  const signInMethods = onExternal<NotificationsDb, typeof SignInMethodsChangedSchema>(
    SignInMethodsChangedSchema,
    async (event, { ctx }) => {
      const { data } = event;
      const what = CHANGES[data.change];
      if (!what) return ok();
      return deliverer.tell(ctx, occasion(event, signInChanged, { name: data.name, what }), [
        { userRef: data.userRef, email: data.email, origin: originOf(origins, data.app) },
      ]);
    },
  );

  const invited = onExternal<NotificationsDb, typeof MemberInvitedSchema>(
    MemberInvitedSchema,
    async (event, { ctx }) => {
      const { data } = event;
      const minted = await unlessGone(
        members.mintInvitationToken({ invitationRef: data.invitationRef }, asService(ctx)),
      );
      if (!minted) return ok();
      const fields = { tenantName: data.tenantName, invitedByName: data.invitedByName, token: minted.token };
      return deliverer.tell(ctx, occasion(event, invitation, fields), [
        { email: data.email, origin: origins.dashboard },
      ]);
    },
  );

  /** Who asked for something; when they are gone, whoever runs the company. */
  const askerAmong = (readers: readonly Told[], askedBy: string): readonly Told[] => {
    const asker = readers.filter((reader) => reader.userRef === askedBy);
    return asker.length > 0 ? asker : readers.filter((reader) => reader.runsCompany);
  };

  const proposed = onExternal<NotificationsDb, typeof ContextProposedSchema>(
    ContextProposedSchema,
    async (event, { ctx }) => {
      const { askedBy, website } = event.data;
      const readers = askerAmong(await readersOf(ctx, "everybody"), askedBy);
      return deliverer.tell(ctx, occasion(event, contextProposed, { website }), readers);
    },
  );

  const websiteRead = onExternal<NotificationsDb, typeof CrawlEndedSchema>(
    CrawlEndedSchema,
    async (event, { ctx }) => {
      const { crawl, askedBy } = event.data;
      const news = crawl && websiteNews(crawl, event.occurredAt, new Date());
      if (!news) return ok();
      const readers = askerAmong(await readersOf(ctx, "clients"), askedBy);
      return deliverer.tell(ctx, occasion(event, news.template, news.fields), readers);
    },
  );

  /** Told to those who may connect it again. */
  const channelLost = onExternal<NotificationsDb, typeof content.ChannelChangedSchema>(
    content.ChannelChangedSchema,
    async (event, { ctx }) => {
      const { channel, neededOn } = event.data;
      if (!channel || !neededOn) return ok();
      const { tenant } = await tenants.getTenant({}, asService(ctx));
      const needed = momentText(timestampDate(neededOn), tenant?.timeZone || "UTC");
      const { name, problem } = channel;
      const fields = { channel: { name, problem }, needed };
      const readers = (await readersOf(ctx, "clients")).filter(({ runsCompany }) => runsCompany);
      return deliverer.tell(ctx, occasion(event, channelTrouble, fields), readers);
    },
  );

  return consumer<NotificationsDb>({
    durable: "notifications-occasions",
    profile: "job",
    on: [
      mailToken,
      signInMethods,
      invited,
      transitioned,
      proposed,
      websiteRead,
      channelLost,
      ...[
        content.PublicationConfirmedSchema,
        content.PublicationFailedSchema,
        content.PublicationUnconfirmedSchema,
      ].map((schema) =>
        onExternal<NotificationsDb, typeof schema>(schema, (event, { ctx, db }) =>
          tellPublication({ db, deliverer }, ctx, event, (audience) => readersOf(ctx, audience)),
        ),
      ),
      tells(agents.BudgetNearSchema, budgetNear, "clients"),
      tells(agents.BudgetReachedSchema, budgetReached, "clients"),
      tells(billing.CreditsLowSchema, creditsLow, "clients"),
      tells(billing.CreditsExhaustedSchema, creditsExhausted, "clients"),
    ],
  });
}

const CHANGES: Readonly<Record<SignInMethodChange, string | undefined>> = {
  [SignInMethodChange.UNSPECIFIED]: undefined,
  [SignInMethodChange.PASSWORD_SET]: "your password was set anew",
  [SignInMethodChange.APP_ADDED]: "codes of an app are asked for when you sign in from now on",
  [SignInMethodChange.APP_REMOVED]: "codes of an app are no longer asked for when you sign in",
  [SignInMethodChange.RECOVERY_CODES_RENEWED]: "new recovery codes were made and the old ones no longer work",
  [SignInMethodChange.PASSKEY_ADDED]: "a passkey was added to your account",
  [SignInMethodChange.PASSKEY_REMOVED]: "a passkey was removed from your account",
};

function originOf(origins: Origins, app: App): string {
  if (app === App.DM) return origins.dm;
  return app === App.MANAGE ? origins.manage : origins.dashboard;
}

function occasion(event: Event<unknown>, template: Template, fields: Record<string, unknown>) {
  return { eventId: event.id, tenantId: event.tenantId, template, fields };
}

/** A request that was used, withdrawn or is over needs no mail any more. */
async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (ConnectError.from(error).code === Code.NotFound) return undefined;
    throw error;
  }
}
