import {
  type Ctx,
  emit,
  type Id,
  type Nats,
  newId,
  onCommit,
  RIGHTS_BUCKET,
  type Rights,
  revokedKey,
  type Tx,
  toRef,
} from "@leadmetrics/kit";
import { SessionRevokedSchema, SessionStartedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import type { AppName, IdentityDb } from "../db.ts";
import { sessionEnd } from "../impersonation/rules.ts";
import { closeImpersonation, closeTickets, type ImpersonationRow } from "../impersonation/store.ts";
import { APPS } from "./caller.ts";
import { hashOf, newSecret } from "./tokens.ts";

export interface OpenedSession {
  readonly sessionId: Id;
  readonly refreshToken: string;
  readonly refreshExpiresOn: Date;
}

/** A new sign-in: a family with its first refresh token. */
export async function openSession(
  tx: Tx<IdentityDb>,
  ctx: Ctx,
  session: {
    userId: Id;
    app: AppName;
    actingTenant: string | null;
    /** In the place of the user; its own start is told by its own event. */
    impersonation?: ImpersonationRow;
  },
  now: Date,
): Promise<OpenedSession> {
  const sessionId = newId();
  const { impersonation } = session;
  const refreshExpiresOn = sessionEnd(now, impersonation?.expires_on);
  await tx
    .insertInto("session")
    .values({
      id: sessionId,
      user_id: session.userId,
      app: session.app,
      acting_tenant: session.actingTenant,
      ip: ctx.remoteIp ?? null,
      user_agent: ctx.userAgent ?? null,
      expires_on: refreshExpiresOn,
      impersonation_id: impersonation?.id ?? null,
    })
    .execute();
  const refreshToken = await addToken(tx, sessionId);
  if (impersonation) return { sessionId, refreshToken, refreshExpiresOn };
  await emit(
    tx,
    ctx,
    SessionStartedSchema,
    {
      sessionRef: toRef(sessionId),
      userRef: toRef(session.userId),
      app: APPS[session.app],
      ip: ctx.remoteIp,
      userAgent: ctx.userAgent,
    },
    { aggregate: sessionId },
  );
  return { sessionId, refreshToken, refreshExpiresOn };
}

/** The next refresh token of a family. */
export async function addToken(tx: Tx<IdentityDb>, sessionId: string): Promise<string> {
  const token = newSecret();
  await tx
    .insertInto("refresh_token")
    .values({ token_hash: hashOf(token), session_id: sessionId, used_on: null })
    .execute();
  return token;
}

/** Ends sessions. Every verifier learns of it from the bucket within the time a message takes; the event makes sure it does. */
export class SessionEnder {
  readonly #nats: Nats;
  readonly #rights: Rights;

  constructor(nats: Nats, rights: Rights) {
    this.#nats = nats;
    this.#rights = rights;
  }

  async end(
    tx: Tx<IdentityDb>,
    ctx: Ctx,
    sessions: readonly { id: string; user_id: string }[],
    reason: string,
    now: Date,
  ): Promise<void> {
    for (const { id, user_id } of sessions) {
      const done = await tx
        .updateTable("session")
        .set({ revoked_on: now, revoked_reason: reason })
        .where("id", "=", id)
        .where("revoked_on", "is", null)
        .returning("impersonation_id")
        .executeTakeFirst();
      if (!done) continue;
      if (done.impersonation_id) await closeImpersonation(tx, ctx, done.impersonation_id, reason, now);
      const sessionRef = toRef(id as Id);
      await emit(
        tx,
        ctx,
        SessionRevokedSchema,
        { sessionRef, userRef: toRef(user_id as Id), reason },
        { aggregate: id },
      );
      onCommit(
        tx,
        () =>
          void this.tell(sessionRef).catch((error: unknown) =>
            ctx.log.warn({ err: error }, "a revocation goes out with its event only"),
          ),
      );
    }
  }

  /**
   * Those a super admin has opened in somebody else's place are theirs too.
   *
   * @param except a session that stays. @returns how many were open
   */
  async endAllOf(
    tx: Tx<IdentityDb>,
    ctx: Ctx,
    userId: string,
    reason: string,
    now: Date,
    except?: string,
  ): Promise<number> {
    const open = await tx
      .selectFrom("session")
      .select(["id", "user_id"])
      .where((eb) =>
        eb.or([
          eb("user_id", "=", userId),
          eb(
            "impersonation_id",
            "in",
            eb
              .selectFrom("impersonation")
              .select("id")
              .where("admin_id", "=", userId)
              .where("ended_on", "is", null),
          ),
        ]),
      )
      .where("revoked_on", "is", null)
      .forUpdate()
      .execute();
    await closeTickets(tx, ctx, userId, reason, now);
    const ending = open.filter((session) => session.id !== except);
    await this.end(tx, ctx, ending, reason, now);
    return ending.length;
  }

  /** Puts it into the bucket that all verifiers watch. Safe to repeat. */
  async tell(sessionRef: string): Promise<void> {
    this.#rights.apply(revokedKey(sessionRef), "1");
    await (await this.#nats.kv(RIGHTS_BUCKET)).put(revokedKey(sessionRef), "1");
  }
}
