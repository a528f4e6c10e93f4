import { consumer, createService, ok, onExternal, schedule } from "@leadmetrics/kit";
import { SessionRevokedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { sweepChallenges } from "./auth/challenges.ts";
import { sweepAttempts } from "./auth/lockout.ts";
import { argon2Passwords } from "./auth/passwords.ts";
import { SessionEnder } from "./auth/sessions.ts";
import { config } from "./config.ts";
import type { IdentityDb } from "./db.ts";
import { sweepImpersonations } from "./impersonation/sweep.ts";
import { Keys } from "./keys/keys.ts";
import { resealOutdated } from "./keys/reseal.ts";
import { membershipsFrom } from "./memberships.ts";
import { suspensionConsumer } from "./people/suspension.ts";
import { identityServices } from "./services.ts";
import { ensureUsers } from "./users/bootstrap.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
let keys: Keys;

await createService<IdentityDb, typeof config>({
  name: "identity",
  config,
  migrations: new URL("../migrations/", import.meta.url),
  auth: async ({ db, box, log }) => {
    keys = new Keys(db, box);
    await keys.rotateWhenDue(new Date());
    await ensureUsers(db, config.BOOTSTRAP_USERS, log);
    return {
      keys: keys.source,
      serviceToken: async () => (await keys.serviceToken("identity", new Date())).token,
    };
  },
  rpc: ({ db, box, rpc, nats, rights }) =>
    identityServices(
      {
        db,
        box,
        keys,
        ender: new SessionEnder(nats, rights),
        membershipsOf: membershipsFrom(rpc),
        passwords: argon2Passwords,
        sites: config.PASSKEY_SITES,
      },
      config.SERVICE_SECRETS,
      rpc,
    ),
  consumers: ({ db, nats, rights }) => [
    suspensionConsumer(db, new SessionEnder(nats, rights)),
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
  schedules: ({ box, log, nats, rights }) => [
    schedule<IdentityDb>({
      name: "identity-impersonations",
      every: MINUTE_MS,
      run: ({ db }) => sweepImpersonations(db, new SessionEnder(nats, rights), new Date()),
    }),
    schedule<IdentityDb>({
      name: "identity-keys",
      every: HOUR_MS,
      run: () => keys.rotateWhenDue(new Date()),
    }),
    schedule<IdentityDb>({
      name: "identity-reseal",
      every: HOUR_MS,
      run: async ({ db }) => {
        const count = await resealOutdated(db, box);
        if (count > 0) log.info({ count }, "sealed values with the present encryption key");
      },
    }),
    schedule<IdentityDb>({
      name: "identity-sweep",
      every: HOUR_MS,
      run: ({ db }) =>
        db.global(async (tx) => {
          await sweepChallenges(tx, new Date());
          await sweepAttempts(tx, new Date());
        }),
    }),
  ],
});
