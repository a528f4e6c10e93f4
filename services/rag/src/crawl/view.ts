import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { toRef } from "@leadmetrics/kit";
import {
  CrawlLimit,
  type CrawlSchema,
  WebPageChange,
  type WebPageSchema,
  WebPageStatus,
  CrawlStatus as Wire,
} from "@leadmetrics/proto/rag/v1/crawls";
import type { Selectable } from "kysely";
import type { PageStatus, RagDb } from "../db.ts";
import type { CrawlStatus } from "./rules.ts";

export type CrawlRow = Selectable<RagDb["crawl_job"]>;
export type PageRow = Selectable<RagDb["web_page"]>;

const STATUS: Readonly<Record<CrawlStatus, Wire>> = {
  queued: Wire.QUEUED,
  reading: Wire.READING,
  indexing: Wire.INDEXING,
  finished: Wire.FINISHED,
  cancelled: Wire.CANCELLED,
  failed: Wire.FAILED,
};
const LIMIT = { "": CrawlLimit.UNSPECIFIED, pages: CrawlLimit.PAGES, time: CrawlLimit.TIME } as const;
const PAGE_STATUS: Readonly<Record<PageStatus, WebPageStatus>> = {
  found: WebPageStatus.FOUND,
  read: WebPageStatus.READ,
  skipped: WebPageStatus.SKIPPED,
  failed: WebPageStatus.FAILED,
};

const CHANGE = {
  "": WebPageChange.UNSPECIFIED,
  added: WebPageChange.ADDED,
  changed: WebPageChange.CHANGED,
} as const;

/** The pages' states of this service by those of the contract. */
export const pageStatusOf = (wire: WebPageStatus): PageStatus | undefined =>
  (Object.keys(PAGE_STATUS) as PageStatus[]).find((status) => PAGE_STATUS[status] === wire);

/** A crawl as it is shown and as events carry it. */
export function crawlView(row: CrawlRow): MessageInitShape<typeof CrawlSchema> {
  return {
    ref: toRef(row.id),
    startUrl: row.start_url,
    status: STATUS[row.status],
    pagesFound: row.pages_found,
    pagesRead: row.pages_read,
    pagesUnchanged: row.pages_unchanged,
    pagesSkipped: row.pages_skipped,
    pagesFailed: row.pages_failed,
    readingUrl: row.reading_url,
    limitedBy: LIMIT[row.limited_by],
    problem: row.problem,
    problemReason: row.problem_reason,
    createdOn: timestampFromDate(row.created_on),
    finishedOn: row.finished_on ? timestampFromDate(row.finished_on) : undefined,
    maxPages: row.max_pages,
    again: row.again,
    pagesAdded: row.pages_added,
    pagesChanged: row.pages_changed,
    pagesGone: row.pages_gone,
    goneUrls: row.gone_urls,
  };
}

export function pageView(row: PageRow): MessageInitShape<typeof WebPageSchema> {
  return {
    ref: toRef(row.id),
    url: row.url,
    title: row.title,
    status: PAGE_STATUS[row.status],
    problem: row.problem,
    problemReason: row.problem_reason,
    depth: row.depth,
    fileRef: row.file_id ? toRef(row.file_id) : "",
    readOn: row.read_on ? timestampFromDate(row.read_on) : undefined,
    change: CHANGE[row.change],
  };
}

/** What keeps a crawl's events in order. */
export const crawlAggregate = ({ id }: Pick<CrawlRow, "id">): string => `crawl:${toRef(id)}`;
