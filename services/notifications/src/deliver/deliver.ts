import {
  asTenantId,
  type Ctx,
  type Database,
  emit,
  errors,
  failpoint,
  type Id,
  newId,
  type Outcome,
  ok,
  redact,
  retry,
  tryFromRef,
} from "@leadmetrics/kit";
import {
  DeliveryFailedSchema,
  NotificationCreatedSchema,
} from "@leadmetrics/proto/notifications/events/v1/events";
import { createTransport, type Transporter } from "nodemailer";
import type { NotificationsDb } from "../db.ts";
import { notificationView } from "../feed/view.ts";
import type { Template } from "../templates/template.ts";
import { mailOf, render } from "./render.ts";
import { channelsFor, isPermanent, mayMail } from "./rules.ts";

/** Somebody who is told. Without a userRef they have no account yet. */
export interface Reader {
  readonly userRef?: string;
  readonly email: string;
  /** Where the links of their mail lead: their portal. */
  readonly origin: string;
}

export interface Occasion {
  readonly eventId: Id;
  readonly tenantId: Id | undefined;
  readonly template: Template;
  readonly fields: Record<string, unknown>;
  /** Makes what only this reader's mail may hold, when it is written; undefined when there is nothing to open without signing in. */
  readonly secretFor?: (reader: Reader) => Promise<string | undefined>;
}

/** Milliseconds for one mail server conversation. */
const SMTP_TIMEOUT_MS = 15_000;
const RETRY_MS = 10_000;
/** Tries of one mail before it counts as failed. */
const MAX_ATTEMPTS = 6;

/** Tells people: in the feed and by mail, each once for an event. */
export class Deliverer {
  readonly #db: Database<NotificationsDb>;
  readonly #mailer: Transporter;
  readonly #from: string;
  readonly #allowedDomains: readonly string[];

  constructor(options: {
    db: Database<NotificationsDb>;
    smtpUrl: string;
    from: string;
    allowedDomains: readonly string[];
  }) {
    this.#db = options.db;
    this.#from = options.from;
    this.#allowedDomains = options.allowedDomains;
    this.#mailer = createTransport(options.smtpUrl, {
      connectionTimeout: SMTP_TIMEOUT_MS,
      socketTimeout: SMTP_TIMEOUT_MS,
    } as never);
  }

  async tell(ctx: Ctx, occasion: Occasion, readers: readonly Reader[]): Promise<Outcome> {
    let again: Outcome | undefined;
    for (const reader of readers) {
      const outcome = await this.#tellOne(ctx, occasion, reader);
      if (outcome.kind !== "ok") again = outcome;
    }
    return again ?? ok();
  }

  /**
   * One mail outside of any occasion, kept nowhere.
   *
   * @throws unavailable when the mail server doesn't take it
   */
  async sendNow(to: string, mail: ReturnType<typeof mailOf>): Promise<void> {
    if (!mayMail(to.toLowerCase(), this.#allowedDomains))
      throw errors.conflict(
        "domain_not_allowed",
        `${to} gets no mail: its domain is not in ALLOWED_EMAIL_DOMAINS.`,
      );
    await this.#mailer.sendMail({ ...mail, from: this.#from, to }).catch(() => {
      throw errors.unavailable("The mail server didn't take it. Try again in a minute.");
    });
  }

  async #tellOne(ctx: Ctx, occasion: Occasion, reader: Reader): Promise<Outcome> {
    const userId = reader.userRef ? tryFromRef(reader.userRef) : undefined;
    const { template } = occasion;
    const choice = userId
      ? await this.#db.global((tx) =>
          tx
            .selectFrom("preference")
            .select(["in_app", "email"])
            .where("user_id", "=", userId)
            .where("kind", "=", template.kind)
            .executeTakeFirst(),
        )
      : undefined;
    const channels = channelsFor(template, choice && { inApp: choice.in_app, email: choice.email });
    if (channels.inApp && userId) await this.#toFeed(ctx, occasion, userId);
    return channels.email ? this.#byMail(ctx, occasion, reader) : ok();
  }

  async #toFeed(ctx: Ctx, { eventId, tenantId, template, fields }: Occasion, userId: Id): Promise<void> {
    const { title, body, link } = render(template, fields);
    await this.#db.global(async (tx) => {
      const row = await tx
        .insertInto("notification")
        .values({
          id: newId(),
          user_id: userId,
          about_tenant: tenantId ?? null,
          event_id: eventId,
          kind: template.kind,
          title,
          body,
          link,
          read_on: null,
        })
        .onConflict((oc) => oc.columns(["event_id", "user_id", "kind"]).doNothing())
        .returningAll()
        .executeTakeFirst();
      if (!row) return;
      const notification = notificationView(row);
      await emit(
        tx,
        ctx,
        NotificationCreatedSchema,
        { userRef: notification.userRef, notification: notification.view },
        { aggregate: userId, tenantId: tenantId && asTenantId(tenantId) },
      );
    });
  }

  async #byMail(
    ctx: Ctx,
    { eventId, tenantId, template, fields: told, secretFor }: Occasion,
    reader: Reader,
  ): Promise<Outcome> {
    const recipient = reader.email.toLowerCase();
    const attempt = await this.#db.global((tx) =>
      tx
        .insertInto("delivery")
        .values({
          id: newId(),
          event_id: eventId,
          recipient,
          kind: template.kind,
          about_tenant: tenantId ?? null,
          status: "sending",
          attempts: 1,
        })
        .onConflict((oc) =>
          oc
            .columns(["event_id", "recipient", "kind"])
            .doUpdateSet((eb) => ({ attempts: eb("delivery.attempts", "+", 1), updated_on: new Date() }))
            .where("delivery.status", "=", "sending"),
        )
        .returning(["id", "attempts"])
        .executeTakeFirst(),
    );
    // Sent, skipped or failed before: nothing to do.
    if (!attempt) return ok();
    const settle = (status: "sent" | "skipped" | "failed", problem = "") =>
      this.#db.global((tx) =>
        tx
          .updateTable("delivery")
          .set({ status, problem, updated_on: new Date() })
          .where("id", "=", attempt.id)
          .execute(),
      );
    if (!mayMail(recipient, this.#allowedDomains)) {
      await settle("skipped", "its domain is not in ALLOWED_EMAIL_DOMAINS");
      return ok();
    }
    const secret = await secretFor?.(reader);
    const fields = secret ? { ...told, token: secret } : told;
    if (typeof fields.token === "string") redact(fields.token);
    try {
      const mail = mailOf(render(secret ? forMail(template) : template, fields), reader.origin);
      failpoint("notifications.mail.claimed");
      // A mail server drops a second mail of the same id, should this process die before it has noted the first.
      await this.#mailer.sendMail({
        ...mail,
        from: this.#from,
        to: reader.email,
        messageId: `<${attempt.id}@leadmetrics>`,
      });
      failpoint("notifications.mail.sent");
      await settle("sent");
      return ok();
    } catch (error) {
      const code =
        typeof error === "object" && error !== null && "responseCode" in error
          ? Number(error.responseCode)
          : undefined;
      if (!isPermanent(code) && attempt.attempts < MAX_ATTEMPTS)
        return retry(RETRY_MS * 2 ** (attempt.attempts - 1), "the mail server didn't take it");
      const problem = `The mail could not be delivered (${code ?? "no answer"}).`;
      await settle("failed", problem);
      await this.#db.global((tx) =>
        emit(
          tx,
          ctx,
          DeliveryFailedSchema,
          { userRef: reader.userRef ?? "", kind: template.kind, problem },
          { aggregate: attempt.id, tenantId: tenantId && asTenantId(tenantId) },
        ),
      );
      return ok();
    }
  }
}

/** A template as its mail has it. */
function forMail(template: Template): Template {
  return { ...template, link: template.mailLink ?? template.link };
}
