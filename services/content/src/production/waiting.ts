import { type Database, errors, type Id, pageOf, toRef, tryFromRef } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { ContentDb } from "../db.ts";
import { narrowed, type QueueFilter } from "../desk/queue.ts";
import { viewsOf } from "../targets/store.ts";
import type { Waiting } from "./decisions.ts";

/** Oldest promise first; the token is the last row's promise and id. */
export async function waitingList(
  tx: Parameters<Parameters<Database<ContentDb>["withPlatform"]>[2]>[0],
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
  return { activities: await viewsOf(tx, shown), page: { nextPageToken }, total: Number(total) };
}
