export type { ExportPart } from "./export.ts";
export {
  type HeldStore,
  type Person,
  type Records,
  recordsOf,
  recordsService,
  type TenantFile,
  type TenantRecordsOptions,
  tenantRecords,
} from "./service.ts";
export type { Counted } from "./stores.ts";
