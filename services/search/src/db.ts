import type { Id, TenantId } from "@leadmetrics/kit";
import type { Generated } from "kysely";
import type { CollectionName } from "./collections/define.ts";

interface DocumentTable {
  id: Id;
  tenant_id: TenantId;
  collection: CollectionName;
  source_id: Id;
  title: string;
  keywords: string;
  body: string;
  status: string;
  internal: boolean;
  complete: boolean;
  removed: Generated<boolean>;
  source_version: number;
  body_version: number;
  revision: Generated<number>;
  synced_revision: Generated<number>;
  created_on: Generated<Date>;
  updated_on: Generated<Date>;
}

interface PostingTable {
  tenant_id: TenantId;
  field: number;
  word: string;
  document_id: Id;
}

interface SyncErrorTable {
  id: Id;
  tenant_id: TenantId;
  document_id: Id;
  attempts: Generated<number>;
  message: string;
  created_on: Generated<Date>;
  updated_on: Generated<Date>;
}

/** The service's tables. */
export interface SearchDb {
  document: DocumentTable;
  posting: PostingTable;
  sync_error: SyncErrorTable;
}
