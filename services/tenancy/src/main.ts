import { createService, schedule } from "@leadmetrics/kit";
import { auditConsumer } from "./audit/events.ts";
import { config } from "./config.ts";
import type { TenancyDb } from "./db.ts";
import { Assignments } from "./members/assignments.ts";
import { memberConsumers } from "./members/events.ts";
import { servicesOf } from "./services.ts";
import { ASSIGNMENTS_RECONCILE_MS } from "./tunables.ts";

await createService<TenancyDb, typeof config>({
  name: "tenancy",
  config,
  migrations: new URL("../migrations/", import.meta.url),
  rpc: servicesOf,
  consumers: ({ db, nats }) => [auditConsumer(), ...memberConsumers(db, new Assignments(db, nats))],
  schedules: ({ db, nats }) => [
    schedule<TenancyDb>({
      name: "tenancy-assignments",
      every: ASSIGNMENTS_RECONCILE_MS,
      run: () => new Assignments(db, nats).tellAll(),
    }),
  ],
});
