import { toJson } from "@bufbuild/protobuf";
import { type Ctx, type Database, type Event, type Outcome as Handled, ok, retry } from "@leadmetrics/kit";
import { type Activity, ActivitySchema, type Publication } from "@leadmetrics/proto/content/v1/activities";
import type { NotificationsDb } from "../db.ts";
import type { Deliverer, Reader } from "../deliver/deliver.ts";
import { publicationTrouble, publicationUnsure } from "../templates/publication-trouble.ts";
import { published } from "../templates/published.ts";
import type { Template } from "../templates/template.ts";
import { type Outcome, othersUnderWay, outcomeOf, restOf, TOGETHER_MS, together, wordsOf } from "./news.ts";
import { takeToTell } from "./told.ts";

const TEMPLATES: Readonly<Record<Outcome, Template>> = {
  out: published,
  failed: publicationTrouble,
  unsure: publicationUnsure,
};

/** Whom it concerns: what isn't known yet is the internal team's to find out. */
export const audienceOf = (outcome: Outcome) => (outcome === "unsure" ? "reviewers" : "everybody");

type News = { readonly activity?: Activity; readonly publication?: Publication };

/**
 * Tells what became of a publication, in one message with the other channels the same became of. While others are on their
 * way, the first delivery of the event waits a moment for them.
 */
export async function tellPublication(
  { db, deliverer }: { readonly db: Database<NotificationsDb>; readonly deliverer: Deliverer },
  ctx: Ctx,
  event: Event<News>,
  readersOf: (audience: ReturnType<typeof audienceOf>) => Promise<readonly Reader[]>,
): Promise<Handled> {
  const { activity, publication } = event.data;
  const outcome = publication && outcomeOf(publication.status);
  if (!activity || !publication || !outcome) return ok();
  const { occurredAt } = event;
  if (event.deliveries === 1 && othersUnderWay(activity, publication, occurredAt))
    return retry(TOGETHER_MS, "other channels of the item are on their way");
  const parts = await takeToTell(
    db,
    event,
    outcome,
    publication.ref,
    together(activity, publication, occurredAt),
  );
  if (parts.length === 0) return ok();
  const rest = outcome === "out" ? restOf(activity, occurredAt) : "";
  const fields = { activity: toJson(ActivitySchema, activity), ...wordsOf(parts), rest };
  const occasion = { eventId: event.id, tenantId: event.tenantId, template: TEMPLATES[outcome], fields };
  return deliverer.tell(ctx, occasion, await readersOf(audienceOf(outcome)));
}
