import { create } from "@bufbuild/protobuf";
import { errors, type Tx } from "@leadmetrics/kit";
import { Likeness, SimilarItemSchema } from "@leadmetrics/proto/content/v1/review_desk";
import type { ContentDb } from "../db.ts";
import { refOf, STATUSES } from "../views.ts";
import { likenessOf, type Sketches, sharedPassage, shareOf, sketchOf } from "./similarity.ts";
import { DESK } from "./tunables.ts";

const LIKENESS = { duplicate: Likeness.DUPLICATE, similar: Likeness.SIMILAR };

/** The tenant's other items that a draft repeats; texts are read only of those not sketched before. */
export async function findSimilar(tx: Tx<ContentDb>, activityId: string, sketches: Sketches) {
  const draft = await tx
    .selectFrom("activity")
    .select(["tenant_id", "revision_id"])
    .where("id", "=", activityId)
    .executeTakeFirst();
  if (!draft) throw errors.notFound("activity");
  if (!draft.revision_id) return [];
  const others = await tx
    .selectFrom("activity")
    .select(["id", "title", "status", "revision_id"])
    .where("tenant_id", "=", draft.tenant_id)
    .where("id", "!=", activityId)
    .where("revision_id", "is not", null)
    .where("status", "!=", "cancelled")
    .orderBy("id", "desc")
    .limit(DESK.comparedItems)
    .execute();
  const bodies = async (ids: readonly string[]) =>
    new Map(
      ids.length === 0
        ? []
        : (await tx.selectFrom("revision").select(["id", "body"]).where("id", "in", ids).execute()).map(
            ({ id, body }) => [id, body] as const,
          ),
    );
  const ids = [draft.revision_id, ...others.flatMap(({ revision_id }) => revision_id ?? [])];
  const fresh = await bodies(ids.filter((id) => !sketches.get(id)));
  const sketch = (id: string) => sketches.get(id) ?? sketches.keep(id, sketchOf(fresh.get(id) ?? ""));
  const own = sketch(draft.revision_id);
  const close = others
    .flatMap((item) => {
      if (!item.revision_id) return [];
      const share = shareOf(own, sketch(item.revision_id));
      const likeness = likenessOf(share);
      return likeness ? [{ ...item, revisionId: item.revision_id, share, likeness }] : [];
    })
    .sort((a, b) => b.share - a.share)
    .slice(0, DESK.namedItems);
  if (close.length === 0) return [];
  const texts = await bodies([draft.revision_id, ...close.map(({ revisionId }) => revisionId)]);
  const text = texts.get(draft.revision_id) ?? "";
  return close.map(({ id, title, status, share, likeness, revisionId }) =>
    create(SimilarItemSchema, {
      activityRef: refOf(id),
      title,
      status: STATUSES[status],
      likeness: LIKENESS[likeness],
      share,
      passage: sharedPassage(text, texts.get(revisionId) ?? ""),
    }),
  );
}
