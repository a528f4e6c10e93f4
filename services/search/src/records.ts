import { type Database, type HeldStore, type ServedService, tenantRecords } from "@leadmetrics/kit";
import type { SearchDb } from "./db.ts";
import type { SearchEngine } from "./engine/port.ts";

/** What a tenant has here is all made from what other services say: it is erased, and not exported. */
export function searchRecords(db: Database<SearchDb>, { copies }: SearchEngine): ServedService {
  const engine: HeldStore | undefined = copies && {
    name: "engine",
    count: ({ tenantId }) => copies.count(tenantId),
    erase: ({ tenantId }) => copies.remove(tenantId),
  };
  return tenantRecords({
    db,
    stores: engine ? [engine] : [],
    derived: ["document", "posting", "sync_error"],
  });
}
