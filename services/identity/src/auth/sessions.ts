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
import { TUNABLES } from "../tunables.ts";
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
  session: { userId: Id; app: AppName; actingTenant: string | null },
  now: Date,
): Promise<OpenedSession> {
  const sessionId = newId();
  const refreshExpiresOn = new Date(now.getTime() + TUNABLES.sessionMs);
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
    })
    .execute();
  const refreshToken = await addToken(tx, sessionId);
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
        .executeTakeFirst();
      if (done.numUpdatedRows === 0n) continue;
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

  /** @param except a session that stays. @returns how many were open */
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
      .where("user_id", "=", userId)
      .where("revoked_on", "is", null)
      .forUpdate()
      .execute();
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
