import { type DescMessage, type MessageShape, toJson } from "@bufbuild/protobuf";
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
import * as billing from "@leadmetrics/proto/billing/events/v1/events";
import * as content from "@leadmetrics/proto/content/events/v1/events";
import { ActivityStatus } from "@leadmetrics/proto/content/v1/activities";
import { MailTokenRequestedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { App } from "@leadmetrics/proto/identity/v1/auth";
import { MailTokenKind, MailTokensService } from "@leadmetrics/proto/identity/v1/keys";
import { MemberInvitedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { MembersService, type Recipient } from "@leadmetrics/proto/tenancy/v1/members";
import type { NotificationsDb } from "./db.ts";
import type { Deliverer, Reader } from "./deliver/deliver.ts";
import { approvalWanted } from "./templates/approval-wanted.ts";
import { creditsExhausted, creditsLow } from "./templates/credits.ts";
import { draftReady } from "./templates/draft-ready.ts";
import { invitation } from "./templates/invitation.ts";
import { publicationTrouble } from "./templates/publication-trouble.ts";
import { published } from "./templates/published.ts";
import { resetPassword } from "./templates/reset-password.ts";
import type { Template } from "./templates/template.ts";
import { verifyEmail } from "./templates/verify-email.ts";

/** Where the portals are reached from outside. */
export interface Origins {
  readonly dashboard: string;
  readonly dm: string;
  readonly manage: string;
}

type Audience = "clients" | "reviewers" | "everybody";

/** Which events tell whom what. */
export function occasionConsumer(
  deliverer: Deliverer,
  rpc: RpcClients,
  origins: Origins,
): ConsumerDefinition<NotificationsDb> {
  const members = rpc.client(MembersService, "tenancy");
  const mailTokens = rpc.client(MailTokensService, "identity");

  const readersOf = async (ctx: Ctx, audience: Audience): Promise<Reader[]> => {
    const { recipients } = await members.listRecipients({}, asService(ctx));
    const wanted = (recipient: Recipient) =>
      audience === "everybody" || recipient.reviewer === (audience === "reviewers");
    return recipients.filter(wanted).map(({ userRef, email, reviewer }) => ({
      userRef,
      email,
      origin: reviewer ? origins.dm : origins.dashboard,
    }));
  };

  /** An event that tells an audience of its tenant, when `holds`. */
  const tells = <D extends DescMessage>(
    schema: D,
    template: Template,
    audience: Audience,
    holds: (data: MessageShape<D>) => boolean = () => true,
  ) =>
    onExternal<NotificationsDb, D>(schema, async (event, { ctx }) => {
      if (!holds(event.data)) return ok();
      return deliverer.tell(
        ctx,
        occasion(event, template, toJson(schema, event.data) as Record<string, unknown>),
        await readersOf(ctx, audience),
      );
    });

  const transitioned = onExternal<NotificationsDb, typeof content.ActivityTransitionedSchema>(
    content.ActivityTransitionedSchema,
    async (event, { ctx }) => {
      const { activity } = event.data;
      const told: Partial<Record<ActivityStatus, [Template, Audience]>> = {
        [ActivityStatus.DM_REVIEW]: [draftReady, "reviewers"],
        [ActivityStatus.CLIENT_REVIEW]: [approvalWanted, "clients"],
      };
      const [template, audience] = (activity && told[activity.status]) ?? [];
      if (!template || !audience) return ok();
      return deliverer.tell(
        ctx,
        occasion(
          event,
          template,
          toJson(content.ActivityTransitionedSchema, event.data) as Record<string, unknown>,
        ),
        await readersOf(ctx, audience),
      );
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
      const origin =
        data.app === App.DM ? origins.dm : data.app === App.MANAGE ? origins.manage : origins.dashboard;
      return deliverer.tell(ctx, occasion(event, template, { name: data.name, token: minted.token }), [
        { userRef: data.userRef, email: data.email, origin },
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

  return consumer<NotificationsDb>({
    durable: "notifications-occasions",
    profile: "job",
    on: [
      mailToken,
      invited,
      transitioned,
      tells(content.PublicationConfirmedSchema, published, "everybody"),
      tells(content.PublicationFailedSchema, publicationTrouble, "everybody"),
      tells(content.PublicationUnconfirmedSchema, publicationTrouble, "reviewers"),
      tells(billing.CreditsLowSchema, creditsLow, "clients"),
      tells(billing.CreditsExhaustedSchema, creditsExhausted, "clients"),
    ],
  });
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
