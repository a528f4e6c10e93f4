import {
  contractKey,
  type Database,
  errors,
  type HeldStore,
  type Nats,
  type Records,
  RIGHTS_BUCKET,
  recordsOf,
  type TenantCtx,
  toRef,
} from "@leadmetrics/kit";
import type { AuditTrail } from "../audit/port.ts";
import type { TenancyDb } from "../db.ts";
import { isErased } from "./store.ts";

/** Entries of an audit chain kept elsewhere that are removed at a time. */
const ENTRIES_AT_ONCE = 500;

/** Tenancy's own share. Nothing of it goes unless a deletion whose grace period is over wants it. */
export function tenancyRecords(db: Database<TenancyDb>, nats: Nats, trail: AuditTrail): Records {
  return recordsOf({
    db,
    stores: [contractGate(nats), ...chainElsewhere(trail)],
    beforeErasing: async ({ tenantId }) => {
      const wanted = await db.withSystem("may a tenant be erased", (tx) => isErased(tx, tenantId));
      if (!wanted)
        throw errors.conflict(
          "no_deletion",
          "Nobody asked for this tenant to be erased, or its grace period isn't over.",
        );
    },
    derived: ["tenant_export", "tenant_export_piece", "audit_head"],
  });
}

/** That a contract waits for this tenant, as every verifier is told. */
function contractGate(nats: Nats): HeldStore {
  const there = async ({ tenantId }: TenantCtx) => {
    const entry = await (await nats.kv(RIGHTS_BUCKET)).get(contractKey(toRef(tenantId)));
    return entry?.operation === "PUT" ? 1 : 0;
  };
  return {
    name: RIGHTS_BUCKET,
    count: there,
    async erase(ctx) {
      const found = await there(ctx);
      if (found > 0) await (await nats.kv(RIGHTS_BUCKET)).purge(contractKey(toRef(ctx.tenantId)));
      return found;
    },
  };
}

/** The tenant's audit chain, where it isn't in this service's own tables. */
function chainElsewhere({ name, held }: AuditTrail): HeldStore[] {
  if (!held) return [];
  return [
    {
      name: `audit trail in ${name}`,
      count: ({ tenantId }) => held.count(tenantId),
      erase: ({ tenantId }) => held.erase(tenantId, ENTRIES_AT_ONCE),
    },
  ];
}
