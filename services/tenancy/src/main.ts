import { createService, type Database, schedule } from "@leadmetrics/kit";
import { auditConsumer } from "./audit/events.ts";
import { mongoTrail } from "./audit/mongo.ts";
import type { AuditTrail } from "./audit/port.ts";
import { postgresTrail } from "./audit/postgres.ts";
import { config } from "./config.ts";
import { ContractGate, contractConsumer } from "./contracts/gate.ts";
import type { TenancyDb } from "./db.ts";
import { wholeTenantSchedules, wholeTenantServices } from "./deletion/definition.ts";
import { tenantWorkSampler } from "./deletion/metrics.ts";
import { Assignments } from "./members/assignments.ts";
import { memberConsumers } from "./members/events.ts";
import { onboardingConsumers } from "./onboarding/events.ts";
import { servicesOf } from "./services.ts";
import { SettingsTeller, settingsConsumer } from "./settings/tell.ts";
import { ASSIGNMENTS_RECONCILE_MS } from "./tunables.ts";

/** Entries are in one of the two: changing it later leaves the older ones where they were. */
const mongo = config.MONGO_URL ? await mongoTrail(config.MONGO_URL, config.MONGO_ERASE_URL) : undefined;
const trailOf = (db: Database<TenancyDb>): AuditTrail => mongo ?? postgresTrail(db);

await createService<TenancyDb, typeof config>({
  name: "tenancy",
  config,
  migrations: new URL("../migrations/", import.meta.url),
  rpc: ({ db, rpc, nats }) => [
    ...servicesOf({ db, rpc, nats, trail: trailOf(db) }),
    ...wholeTenantServices({ db, nats, trail: trailOf(db) }, config),
  ],
  consumers: ({ db, nats }) => [
    auditConsumer(trailOf(db)),
    ...memberConsumers(db, new Assignments(db, nats)),
    contractConsumer(new ContractGate(db, nats)),
    ...onboardingConsumers(),
    settingsConsumer(new SettingsTeller(db, nats)),
  ],
  samplers: ({ db }) => [tenantWorkSampler(db)],
  // Beside DeadLettersService, which shows and replays them.
  deadLetterRouter: true,
  schedules: ({ db, rpc, nats, log }) => [
    ...wholeTenantSchedules({ db, rpc, nats, trail: trailOf(db) }, log, config),
    schedule<TenancyDb>({
      name: "tenancy-assignments",
      every: ASSIGNMENTS_RECONCILE_MS,
      run: () => new Assignments(db, nats).tellAll(),
    }),
    schedule<TenancyDb>({
      name: "tenancy-contracts",
      every: ASSIGNMENTS_RECONCILE_MS,
      run: () => new ContractGate(db, nats).tellAll(),
    }),
    schedule<TenancyDb>({
      name: "tenancy-settings",
      every: ASSIGNMENTS_RECONCILE_MS,
      run: () => new SettingsTeller(db, nats).tell(),
    }),
  ],
});
