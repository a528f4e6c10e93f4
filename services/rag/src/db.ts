import type { Id, TenantId } from "@leadmetrics/kit";
import type { Generated, GeneratedAlways } from "kysely";
import type { CrawlStatus, PageProblem } from "./crawl/rules.ts";
import type { FileStatus } from "./files/rules.ts";
import type { FileKind } from "./parse/document.ts";

interface Stamped {
  created_by: string;
  created_on: Generated<Date>;
  updated_by: string | null;
  updated_on: Date | null;
  version: Generated<number>;
}

interface DatasetTable extends Stamped {
  id: Id;
  tenant_id: TenantId;
  name: string;
  is_default: Generated<boolean>;
}

interface FileTable extends Stamped {
  id: Id;
  tenant_id: TenantId;
  dataset_id: Id;
  name: string;
  kind: FileKind;
  media_type: string;
  size_bytes: number;
  content_hash: string;
  object_key: string;
  title: Generated<string>;
  status: Generated<FileStatus>;
  progress_percent: Generated<number>;
  problem: Generated<string>;
  problem_reason: Generated<string>;
  chunk_count: Generated<number>;
  embedding: Generated<string>;
  attempts: Generated<number>;
  next_attempt_on: Date | null;
  lease_token: Id | null;
  lease_until: Date | null;
  source_url: Generated<string>;
}

interface CrawlJobTable extends Stamped {
  id: Id;
  tenant_id: TenantId;
  start_url: string;
  site: string;
  status: Generated<CrawlStatus>;
  max_pages: number;
  pages_found: Generated<number>;
  pages_read: Generated<number>;
  pages_unchanged: Generated<number>;
  pages_skipped: Generated<number>;
  pages_failed: Generated<number>;
  again: Generated<boolean>;
  pages_added: Generated<number>;
  pages_changed: Generated<number>;
  pages_gone: Generated<number>;
  gone_urls: Generated<string[]>;
  reading_url: Generated<string>;
  limited_by: Generated<"" | "pages" | "time">;
  problem: Generated<string>;
  problem_reason: Generated<string>;
  robots: string | null;
  started_on: Date | null;
  finished_on: Date | null;
  attempts: Generated<number>;
  next_attempt_on: Date | null;
  lease_token: Id | null;
  lease_until: Date | null;
}

interface WebPageTable {
  id: Id;
  tenant_id: TenantId;
  crawl_id: Id;
  url: string;
  depth: number;
  status: Generated<PageStatus>;
  problem: Generated<string>;
  problem_reason: Generated<PageProblem | "">;
  title: Generated<string>;
  text_hash: Generated<string>;
  file_id: Id | null;
  read_on: Date | null;
  change: Generated<"" | "added" | "changed">;
}

export type PageStatus = "found" | "read" | "skipped" | "failed";

interface ChunkTable {
  id: Id;
  tenant_id: TenantId;
  file_id: Id;
  ordinal: number;
  locator: string;
  text: string;
  embedding: Generated<string>;
  words: GeneratedAlways<string>;
}

interface RemovalTable {
  id: Id;
  tenant_id: TenantId;
  file_id: Id;
  object_key: string;
  due_on: Date;
}

interface TenantPolicyTable {
  tenant_id: TenantId;
  local_only: boolean;
}

/** The service's tables. */
export type RagDb = {
  dataset: DatasetTable;
  file: FileTable;
  chunk: ChunkTable;
  removal: RemovalTable;
  tenant_policy: TenantPolicyTable;
  crawl_job: CrawlJobTable;
  web_page: WebPageTable;
};
