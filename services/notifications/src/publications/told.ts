import { type Database, type Id, tryFromRef } from "@leadmetrics/kit";
import type { NotificationsDb } from "../db.ts";
import type { Outcome, Part } from "./news.ts";

export interface TellingEvent {
  readonly id: Id;
  readonly tenantId: string | undefined;
  readonly occurredAt: Date;
}

/**
 * Takes it upon an event to tell what became of its own publication and of others nobody has told of yet. The same event
 * again gets the same; another gets what is left.
 *
 * @param ownRef the event's own publication, one of the parts
 * @returns what this event tells; nothing when its own was told already
 */
export async function takeToTell(
  db: Database<NotificationsDb>,
  event: TellingEvent,
  outcome: Outcome,
  ownRef: string,
  parts: readonly Part[],
): Promise<Part[]> {
  const news = {
    outcome,
    event_id: event.id,
    told_until: event.occurredAt,
    about_tenant: event.tenantId ?? null,
  };
  const ids = parts.flatMap(({ publicationRef }) => tryFromRef(publicationRef) ?? []);
  const ownId = tryFromRef(ownRef);
  if (!ownId) return [];
  return db.global(async (tx) => {
    await tx
      .insertInto("publication_told")
      .values({ ...news, publication_id: ownId })
      .onConflict((oc) =>
        oc
          .columns(["publication_id", "outcome"])
          // It was tried again since, and the same came of it.
          .doUpdateSet({ event_id: event.id, told_until: event.occurredAt })
          .where("publication_told.told_until", "<", event.occurredAt),
      )
      .execute();
    for (const id of ids)
      await tx
        .insertInto("publication_told")
        .values({ ...news, publication_id: id })
        .onConflict((oc) => oc.columns(["publication_id", "outcome"]).doNothing())
        .execute();
    const taken = await tx
      .selectFrom("publication_told")
      .select("publication_id")
      .where("event_id", "=", event.id)
      .where("outcome", "=", outcome)
      .execute();
    const mine = new Set(taken.map(({ publication_id }) => publication_id));
    if (!mine.has(ownId)) return [];
    return parts.filter(({ publicationRef }) => mine.has(tryFromRef(publicationRef) ?? ""));
  });
}
