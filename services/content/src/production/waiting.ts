import { type Database, errors, type Id, pageOf, toRef, tryFromRef } from "@leadmetrics/kit";
import { sql } from "kysely";
import { lastYesOf } from "../client-review/last-yes.ts";
import type { ActivityRow, ContentDb } from "../db.ts";
import { narrowed, type QueueFilter } from "../desk/queue.ts";
import { targetsOf, viewsWith } from "../targets/store.ts";
import type { Waiting } from "./decisions.ts";

type Tx = Parameters<Parameters<Database<ContentDb>["withPlatform"]>[2]>[0];

/** Oldest promise first; the token is the last row's promise and id. */
export async function waitingList(
  tx: Tx,
  status: Waiting,
  request: { pageSize?: number; pageToken?: string } | undefined,
  filter?: QueueFilter,
) {
  const { size } = pageOf({ pageSize: request?.pageSize });
  const waiting = narrowed(tx.selectFrom("activity").where("status", "=", status), filter);
  let query = waiting
    .selectAll()
    .orderBy("promised_on")
    .orderBy("id")
    .limit(size + 1);
  if (request?.pageToken) {
    const [time, ref] = request.pageToken.split("~");
    const id = tryFromRef(ref ?? "");
    const promised = new Date(Number(time));
    if (!id || Number.isNaN(promised.getTime()))
      throw errors.invalid("page_token: is not one of this list's.");
    query = query.where(sql<boolean>`(promised_on, id) > (${promised}, ${id})`);
  }
  const rows = await query.execute();
  const { total } = await waiting
    .select((eb) => eb.fn.countAll<number>().as("total"))
    .executeTakeFirstOrThrow();
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const nextPageToken =
    rows.length > size && last ? `${last.promised_on?.getTime() ?? 0}~${toRef(last.id as Id)}` : "";
  return { activities: await shownTo(tx, status, shown), page: { nextPageToken }, total: Number(total) };
}

/** One activity in whatever state, and its place among those that wait for a reviewer. */
export async function placeInQueue(tx: Tx, activityId: Id) {
  const row = await tx.selectFrom("activity").selectAll().where("id", "=", activityId).executeTakeFirst();
  if (!row) throw errors.notFound("activity");
  const { position, total } = await tx
    .selectFrom("activity")
    .select((eb) => [
      eb.fn.countAll<number>().as("total"),
      eb.fn
        .countAll<number>()
        .filterWhere(sql<boolean>`(promised_on, id) <= (${row.promised_on}, ${row.id})`)
        .as("position"),
    ])
    .where("status", "=", "dm_review")
    .executeTakeFirstOrThrow();
  const [activity] = await shownTo(tx, "dm_review", [row]);
  return { activity, position: row.status === "dm_review" ? Number(position) : 0, total: Number(total) };
}

/** Reviewers are told beside each whether their approval is the last. */
async function shownTo(tx: Tx, status: Waiting, rows: readonly ActivityRow[]) {
  const targets = await targetsOf(
    tx,
    rows.map((row) => row.id),
  );
  const views = viewsWith(rows, targets);
  return status === "dm_review" ? lastYesOf(tx, rows, targets, views) : views;
}
