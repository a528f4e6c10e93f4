import { type SelectQueryBuilder, sql } from "kysely";
import { errors } from "../errors.ts";
import { fromRef, type Id, toRef, tryFromRef } from "../ids.ts";
import { type AnyTx, tenantOf } from "./transaction.ts";

/** What lists take when the caller doesn't say; and the most they give. */
export const PAGE_SIZE = { default: 50, max: 200 } as const;

/** One page of a list that is sorted by id (that is, by creation), newest first. */
export interface Page {
  /** Rows to return. */
  readonly size: number;
  /** The last row of the page before; rows with a smaller id follow. */
  readonly after: Id | undefined;
}

/** Reads `leadmetrics.type.v1.PageRequest`: size 0 means the default, the token is the last ref of the page before. */
export function pageOf(request: { pageSize?: number; pageToken?: string } | undefined): Page {
  const asked = request?.pageSize ?? 0;
  if (asked < 0 || asked > PAGE_SIZE.max) {
    throw errors.invalid(`page_size must be between 1 and ${PAGE_SIZE.max}.`, [
      { field: "page.page_size", description: `between 1 and ${PAGE_SIZE.max}` },
    ]);
  }
  const token = request?.pageToken ?? "";
  if (token !== "" && tryFromRef(token) === undefined) {
    throw errors.invalid("page_token isn't one this list gave out.", [
      { field: "page.page_token", description: "use next_page_token of the page before" },
    ]);
  }
  return { size: asked === 0 ? PAGE_SIZE.default : asked, after: token === "" ? undefined : fromRef(token) };
}

/**
 * Orders a query by its id, newest first, and fetches the page and one row more, which tells whether another follows.
 *
 * @param tx the transaction of a list of a tenant's table. Naming the tenant besides the policy lets Postgres walk the index
 * (tenant_id, id desc) in order: a policy's set of tenants can't, and a first page would be searched among everybody's rows.
 */
export function keyset<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  page: Page,
  tx?: AnyTx,
): SelectQueryBuilder<DB, TB, O> {
  const tenantId = tx && tenantOf(tx);
  const own = tenantId === undefined ? query : query.where(sql<boolean>`tenant_id = ${tenantId}`);
  const ordered = own.orderBy(sql.ref("id"), "desc").limit(page.size + 1);
  return page.after === undefined ? ordered : ordered.where(sql<boolean>`id < ${page.after}`);
}

/** Cuts the extra row off and makes the token of the next page. */
export function pageResult<R extends { id: string }>(
  rows: R[],
  page: Page,
): { rows: R[]; page: { nextPageToken: string } } {
  const shown = rows.slice(0, page.size);
  const last = shown.at(-1);
  const nextPageToken = rows.length > page.size && last ? toRef(last.id as Id) : "";
  return { rows: shown, page: { nextPageToken } };
}
