import { consumer, createService, ok, onExternal, schedule } from "@leadmetrics/kit";
import { SessionRevokedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { authService } from "./auth/rpc.ts";
import { SessionEnder } from "./auth/sessions.ts";
import { config } from "./config.ts";
import type { IdentityDb } from "./db.ts";
import { Keys } from "./keys/keys.ts";
import { keyServices } from "./keys/rpc.ts";
import { membershipsFrom } from "./memberships.ts";
import { ensureUsers } from "./users/bootstrap.ts";
import { usersService } from "./users/rpc.ts";

const HOUR_MS = 3_600_000;
let keys: Keys;

await createService<IdentityDb, typeof config>({
  name: "identity",
  config,
  migrations: new URL("../migrations/", import.meta.url),
  auth: async ({ db, box, log }) => {
    keys = new Keys(db, box);
    await keys.rotate(new Date());
    await ensureUsers(db, config.BOOTSTRAP_USERS, log);
    return {
      keys: keys.source,
      serviceToken: async () => (await keys.serviceToken("identity", new Date())).token,
    };
  },
  rpc: ({ db, rpc, nats, rights }) => [
    authService({ db, keys, ender: new SessionEnder(nats, rights), membershipsOf: membershipsFrom(rpc) }),
    usersService(db),
    ...keyServices(db, keys, config.SERVICE_SECRETS),
  ],
  consumers: ({ nats, rights }) => [
    consumer({
      durable: "identity-revocations",
      on: [
        // Writing a revocation twice is the same as once.
        onExternal(SessionRevokedSchema, async ({ data }) => {
          await new SessionEnder(nats, rights).tell(data.sessionRef);
          return ok();
        }),
      ],
    }),
  ],
  schedules: () => [
    schedule<IdentityDb>({ name: "identity-keys", every: HOUR_MS, run: () => keys.rotate(new Date()) }),
  ],
});
