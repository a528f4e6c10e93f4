import {
  type Database,
  type Logger,
  type Nats,
  type RpcClients,
  recordsService,
  type ScheduleDefinition,
  type ServedService,
} from "@leadmetrics/kit";
import type { AuditTrail } from "../audit/port.ts";
import type { TenancyDb } from "../db.ts";
import { exportSchedule } from "../exports/make.ts";
import { exportsService } from "../exports/rpc.ts";
import { Assignments } from "../members/assignments.ts";
import { allHolders, serviceHolders } from "./holders.ts";
import { deletionSchedule } from "./reconcile.ts";
import { tenancyRecords } from "./records.ts";
import { deletionsService } from "./rpc.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

interface Settings {
  readonly DELETION_GRACE_HOURS: number;
  readonly DELETION_QUIET_SECONDS: number;
  readonly EXPORT_KEPT_HOURS: number;
}

interface Parts {
  readonly db: Database<TenancyDb>;
  readonly rpc: RpcClients;
  readonly nats: Nats;
  readonly trail: AuditTrail;
}

/** The contracts about a tenant as a whole: its end, its export, and this service's own share of both. */
export function wholeTenantServices(
  { db, nats, trail }: Omit<Parts, "rpc">,
  settings: Pick<Settings, "DELETION_GRACE_HOURS">,
): ServedService[] {
  return [
    deletionsService(db, settings.DELETION_GRACE_HOURS * HOUR_MS),
    exportsService(db),
    recordsService(tenancyRecords(db, nats, trail)),
  ];
}

/** What carries them out. */
export function wholeTenantSchedules(
  { db, rpc, nats, trail }: Parts,
  log: Logger,
  settings: Omit<Settings, "DELETION_GRACE_HOURS">,
): ScheduleDefinition<TenancyDb>[] {
  const own = tenancyRecords(db, nats, trail);
  return [
    deletionSchedule({
      db,
      trail,
      log,
      assignments: new Assignments(db, nats),
      holders: allHolders(rpc, nats, own),
      quietMs: settings.DELETION_QUIET_SECONDS * SECOND_MS,
    }),
    exportSchedule({
      db,
      log,
      holders: serviceHolders(rpc, own),
      keptMs: settings.EXPORT_KEPT_HOURS * HOUR_MS,
    }),
  ];
}
