import { Code, ConnectError } from "@connectrpc/connect";
import {
  asService,
  asTenantId,
  type Database,
  type Id,
  type Logger,
  type RpcClients,
  type ScheduleDefinition,
  schedule,
  systemCtx,
} from "@leadmetrics/kit";
import { TenantsService } from "@leadmetrics/proto/tenancy/v1/tenants";
import { sql } from "kysely";
import type { AgentsDb } from "../db.ts";
import { TUNABLES } from "../tunables.ts";

interface ZoneDeps {
  readonly db: Database<AgentsDb>;
  readonly rpc: RpcClients;
  readonly log: Logger;
}

/** Where the tenant's month begins; a name that the database doesn't know counts as UTC. */
export const zoneOf = (name: string) =>
  name ? { time_zone: sql<string>`known_zone(${name})`, zone_known: true } : {};

/** Asks tenancy where those tenants are of which it has not said so since they are known here. */
export function zonesSchedule(deps: ZoneDeps): ScheduleDefinition<AgentsDb> {
  return schedule<AgentsDb>({
    name: "agents-time-zones",
    every: TUNABLES.zones.everyMs,
    run: async ({ signal }) => {
      await askZones(deps, signal);
    },
  });
}

/** One round over tenants whose time zone isn't known; those that tenancy can't answer for now are asked in the next. */
export async function askZones({ db, rpc, log }: ZoneDeps, signal: AbortSignal): Promise<void> {
  const tenants = rpc.client(TenantsService, "tenancy");
  const unknown = await db.withSystem("tenants whose time zone isn't known", (tx) =>
    tx
      .selectFrom("tenant_terms")
      .select("tenant_id")
      .where("zone_known", "=", false)
      .orderBy("tenant_id")
      .limit(TUNABLES.zones.batch)
      .execute(),
  );
  for (const { tenant_id } of unknown) {
    if (signal.aborted) return;
    const ctx = systemCtx("time zones", { tenantId: asTenantId(tenant_id as Id), signal });
    try {
      const { tenant } = await tenants.getTenant({}, asService(ctx));
      await know(tenant?.timeZone || "UTC");
    } catch (error) {
      const { code } = ConnectError.from(error);
      // It is being erased.
      if (code === Code.NotFound) await know("UTC");
      else log.warn({ err: error }, "tenancy could not be asked for a time zone, trying again");
      if (code === Code.Unavailable || code === Code.DeadlineExceeded) return;
    }

    /** What tenancy said by itself meanwhile is newer. */
    async function know(name: string): Promise<void> {
      await db.withTenant(ctx, (tx) =>
        tx.updateTable("tenant_terms").set(zoneOf(name)).where("zone_known", "=", false).execute(),
      );
    }
  }
}
