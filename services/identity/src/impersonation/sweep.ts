import { type Database, systemCtx } from "@leadmetrics/kit";
import type { SessionEnder } from "../auth/sessions.ts";
import type { IdentityDb } from "../db.ts";
import { closeImpersonation } from "./store.ts";

/** At most so many in one transaction; the next look takes the rest. */
const AT_ONCE = 100;

/** Ends what has had its time, and says so in the companies' trails. */
export async function sweepImpersonations(
  db: Database<IdentityDb>,
  ender: SessionEnder,
  now: Date,
): Promise<void> {
  const ctx = systemCtx("identity.impersonations");
  await db.global(async (tx) => {
    const over = await tx
      .selectFrom("impersonation")
      .leftJoin("session", "session.impersonation_id", "impersonation.id")
      .select(["impersonation.id", "session.id as session_id", "session.user_id"])
      .where("ended_on", "is", null)
      .where((eb) =>
        eb.or([
          eb("impersonation.expires_on", "<=", now),
          eb.and([eb("opened_on", "is", null), eb("ticket_expires_on", "<=", now)]),
        ]),
      )
      .orderBy("impersonation.id")
      .limit(AT_ONCE)
      .execute();
    for (const { id, session_id, user_id } of over) {
      if (session_id && user_id)
        await ender.end(tx, ctx, [{ id: session_id, user_id }], "impersonation_over", now);
      // Whatever became of its session: an end is written down once.
      await closeImpersonation(tx, ctx, id, session_id ? "impersonation_over" : "ticket_over", now);
    }
  });
}
