import { fromRef, type Id, newId, type TenantId, type TenantTx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { Change, CollectionName } from "../collections/define.ts";
import type { SearchDb } from "../db.ts";
import type { Parts } from "../engine/relevance.ts";
import { plainText } from "../engine/snippet.ts";
import { updatePostings, writePostings } from "./postings.ts";

/** Characters of a body that are kept and searched. */
const MAX_BODY = 100_000;

/** Applies what an event says. Repeating it, or bringing an older one later, changes nothing. */
export async function applyChange(
  tx: TenantTx<SearchDb>,
  tenantId: TenantId,
  collection: CollectionName,
  change: Change,
): Promise<void> {
  const key = { tenant_id: tenantId, collection, source_id: fromRef(change.ref) };
  if (change.kind === "remove") {
    await upsert(tx, {
      ...key,
      title: "",
      keywords: "",
      body: "",
      status: "",
      internal: true,
      complete: false,
      removed: true,
      source_version: change.version,
      body_version: change.version,
    });
    return;
  }
  if (await moveHead(tx, key, change)) return;
  const known = await tx
    .selectFrom("document")
    .select([
      "title",
      "keywords",
      "body",
      "status",
      "internal",
      "complete",
      "removed",
      "source_version",
      "body_version",
    ])
    .where("collection", "=", collection)
    .where("source_id", "=", key.source_id)
    .forUpdate()
    .executeTakeFirst();
  if (known?.removed) return;
  const newerHead = !known || change.version >= known.source_version;
  const newerBody = change.body !== undefined && change.body.version > (known?.body_version ?? 0);
  if (!newerHead && !newerBody) return;
  // A post is called what its text is called, as soon as there is one.
  const named = change.findable === "with_body" ? newerBody || (known?.body_version ?? 0) === 0 : newerHead;
  await upsert(
    tx,
    {
      ...key,
      title: named ? change.title.trim() : (known?.title ?? change.title.trim()),
      keywords: named ? keywordsOf(change) : (known?.keywords ?? ""),
      body: newerBody && change.body ? plainText(change.body.text).slice(0, MAX_BODY) : (known?.body ?? ""),
      status: newerHead ? change.status : (known?.status ?? change.status),
      internal: newerHead ? (change.internal ?? false) : (known?.internal ?? true),
      complete: change.findable !== "with_body" || newerBody || (known?.complete ?? false),
      removed: false,
      source_version: Math.max(change.version, known?.source_version ?? 0),
      body_version: newerBody && change.body ? change.body.version : (known?.body_version ?? 0),
    },
    known,
  );
}

/**
 * What most events say: the same thing, in another state. One statement, which leaves the text and its words where they are.
 *
 * @returns false when there is more to it
 */
async function moveHead(
  tx: TenantTx<SearchDb>,
  { collection, source_id }: Pick<Row, "collection" | "source_id">,
  change: Exclude<Change, { kind: "remove" }>,
): Promise<boolean> {
  if (change.body) return false;
  const moved = await tx
    .updateTable("document")
    .set({
      status: change.status,
      internal: change.internal ?? false,
      source_version: change.version,
      revision: sql`revision + 1`,
      updated_on: sql`now()`,
    })
    .where("collection", "=", collection)
    .where("source_id", "=", source_id)
    .where("removed", "=", false)
    .where("source_version", "<=", change.version)
    .where((eb) => {
      const called = eb.and([eb("title", "=", change.title.trim()), eb("keywords", "=", keywordsOf(change))]);
      // Once it has a text, that is where its name comes from.
      return change.findable === "with_body"
        ? eb.or([eb("body_version", ">", 0), called])
        : eb.and([called, eb("complete", "=", true)]);
    })
    .returning("id")
    .executeTakeFirst();
  return moved !== undefined;
}

const keywordsOf = ({ keywords }: Exclude<Change, { kind: "remove" }>): string =>
  (keywords ?? []).filter(Boolean).join(" · ");

interface Row {
  readonly tenant_id: TenantId;
  readonly collection: CollectionName;
  readonly source_id: Id;
  readonly title: string;
  readonly keywords: string;
  readonly body: string;
  readonly status: string;
  readonly internal: boolean;
  readonly complete: boolean;
  readonly removed: boolean;
  readonly source_version: number;
  readonly body_version: number;
}

/** @param known what is found by now, where it has been read in this transaction */
async function upsert(tx: TenantTx<SearchDb>, row: Row, known?: Parts): Promise<void> {
  const { id } = await tx
    .insertInto("document")
    .values({ id: newId(), ...row })
    .onConflict((conflict) =>
      conflict
        .columns(["tenant_id", "collection", "source_id"])
        .doUpdateSet({ ...row, revision: sql`document.revision + 1`, updated_on: sql`now()` }),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  if (known) await updatePostings(tx, row.tenant_id, id, { before: known, after: row });
  else await writePostings(tx, row.tenant_id, id, row);
}
