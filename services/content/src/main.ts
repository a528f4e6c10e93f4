import { createService, schedule } from "@leadmetrics/kit";
import { config } from "./config.ts";
import type { ContentDb } from "./db.ts";
import { runResultConsumer } from "./production/run-results.ts";
import { publishDue } from "./publications/publisher.ts";
import { TUNABLES } from "./publications/tunables.ts";
import { servicesOf } from "./services.ts";

const { allowPrivate } = config;

await createService<ContentDb, typeof config>({
  name: "content",
  config,
  migrations: new URL("../migrations/", import.meta.url),
  rpc: ({ db, box }) => servicesOf({ db, box, allowPrivate }),
  consumers: () => [runResultConsumer()],
  schedules: ({ db, box }) => [
    schedule<ContentDb>({
      name: "content-publish",
      every: TUNABLES.pollMs,
      run: ({ signal }) => publishDue({ db, box, allowPrivate }, signal),
    }),
  ],
});
