import { createService, schedule, tenantRecords } from "@leadmetrics/kit";
import { testAhead, WATCH } from "./channels/watch.ts";
import { config } from "./config.ts";
import type { ContentDb } from "./db.ts";
import { savedFiltersService } from "./desk/filters.ts";
import { namesFrom } from "./desk/names.ts";
import { membersConsumer } from "./links/events.ts";
import { contentSampler } from "./metrics.ts";
import { activityTemplatesService, rolesFrom } from "./planning/templates/rpc.ts";
import { runResultConsumer } from "./production/run-results.ts";
import { publishDue } from "./publications/publisher.ts";
import { TUNABLES } from "./publications/tunables.ts";
import { servicesOf } from "./services.ts";
import { tenantStandingConsumer } from "./tenants/standing.ts";

const { allowPrivate } = config;

await createService<ContentDb, typeof config>({
  name: "content",
  config,
  migrations: new URL("../migrations/", import.meta.url),
  rpc: ({ db, box, rpc }) => [
    ...servicesOf({ db, box, allowPrivate, namesOf: namesFrom(rpc) }),
    activityTemplatesService(db, namesFrom(rpc), rolesFrom(rpc)),
    savedFiltersService(db),
    tenantRecords({ db }),
  ],
  consumers: () => [runResultConsumer(), membersConsumer(), tenantStandingConsumer()],
  samplers: ({ db }) => [contentSampler(db)],
  schedules: ({ db, box }) => [
    schedule<ContentDb>({
      name: "content-publish",
      every: TUNABLES.pollMs,
      run: ({ signal }) => publishDue({ db, box, allowPrivate }, signal),
    }),
    schedule<ContentDb>({
      name: "content-channel-watch",
      every: WATCH.pollMs,
      run: ({ signal }) => testAhead({ db, box, allowPrivate }, signal),
    }),
  ],
});
