import { connectNats, inboxPrefix, type Nats } from "@leadmetrics/kit/nats";
import { EVENT_SERVICES, STREAMS } from "@leadmetrics/kit/streams";
import { BROKER_USERS, CONSUMERS } from "@leadmetrics/local/broker-rights";
import { SERVICES } from "@leadmetrics/local/system";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { Problems } from "./problems.ts";
import type { World } from "./world.ts";

const TEST_MS = 60_000;
/** Milliseconds in which the broker answers a subscription that it refuses. */
const REFUSAL_MS = 500;
/** May send again what nobody settled, in any stream. */
const DEAD_LETTER_DESK = "tenancy";

/** What lies on the broker, and whose word it is. */
const OWNED: readonly { subject: string; from: readonly string[]; body?: string }[] = [
  ...EVENT_SERVICES.map((service) => ({
    subject: `evt.${service}.isolation.checked.v1.platform`,
    from: [service, DEAD_LETTER_DESK],
  })),
  { subject: "$KV.AUTHZ.revoked.isolation", from: ["identity"], body: "1" },
  { subject: "$KV.AUTHZ.assigned.isolation", from: ["tenancy"], body: "[]" },
  { subject: "$KV.IDEMPOTENCY.isolation", from: ["gateway"], body: "{}" },
  { subject: "job.agents.llm.isolation.checked", from: ["agents", DEAD_LETTER_DESK] },
];
const ROLES = ["owner", "app", "system", "platform"] as const;

/** Suite B: the broker and the databases, past everything that services do to stay apart. */
export function backendsSuite(world: () => World): void {
  const asUser = async <T>(user: string, work: (nats: Nats) => Promise<T>): Promise<T> => {
    const nats = await connectNats({
      url: world().platform.backends.natsUrlOf(user),
      name: `isolation-${user}`,
    });
    try {
      return await work(nats);
    } finally {
      await nats.close();
    }
  };

  // A broker from outside has the users that its owner gave it.
  describe.skipIf(process.env.NATS_URL)("the broker", () => {
    it(
      "takes events, revocations, assignments, kept answers and work only from whom they come",
      async () => {
        const problems = new Problems();
        for (const { name } of BROKER_USERS) {
          await asUser(name, async (nats) => {
            for (const { subject, from, body = "" } of OWNED) {
              const may = from.includes(name);
              // An order for work that is none would be a worker's error.
              if (may && subject.startsWith("job.")) continue;
              const sent = await nats.js
                .publish(subject, body, { timeout: 2_000 })
                .then(() => true)
                .catch(() => false);
              problems.look(sent !== may && `${name} ${may ? "can't" : "can"} send ${subject}`);
            }
          });
        }
        problems.expectNone(BROKER_USERS.length * EVENT_SERVICES.length);
      },
      TEST_MS,
    );

    it(
      "lets nobody listen to events, queues and other people's answers past their own consumers",
      async () => {
        const problems = new Problems();
        for (const { name } of BROKER_USERS) {
          const [other = ""] = BROKER_USERS.map((user) => user.name).filter((each) => each !== name);
          await asUser(name, async (nats) => {
            const subjects = [
              ">",
              "evt.>",
              "evt.billing.>",
              "job.>",
              "dlq.>",
              "$KV.>",
              "_INBOX.>",
              `${inboxPrefix(other)}.>`,
            ];
            await Promise.all(
              subjects.map(async (subject) =>
                problems.look(!(await isRefused(nats, subject)) && `${name} can listen to ${subject}`),
              ),
            );
            const own = Object.values(CONSUMERS[name] ?? {}).flat();
            const unread = STREAMS.filter(
              (stream) => !own.includes(stream.name) && (name !== "gateway" || stream.name !== "FEED"),
            );
            for (const stream of unread) {
              const opened = await nats.jsm.consumers
                .add(stream.name, { durable_name: `${name}-spy` })
                .then(() => true)
                .catch(() => false);
              problems.look(opened && `${name} can read ${stream.name}`);
            }
          });
        }
        problems.expectNone(BROKER_USERS.length * 10);
      },
      TEST_MS,
    );

    it("has the consumers that its users' rights name, and no others", async () => {
      const { natsUrl } = world().platform.backends;
      const nats = await connectNats({ url: natsUrl, name: "isolation" });
      const there: string[] = [];
      // The agents' work queue has a consumer for each kind of work, all of them theirs.
      const streams = STREAMS.filter(({ name }) => name !== "JOBS_AGENTS");
      for (const { name } of streams) {
        for await (const { config } of nats.jsm.consumers.list(name)) {
          if (config.durable_name) there.push(`${name} ${config.durable_name}`);
        }
      }
      await nats.close();
      const told = Object.values(CONSUMERS).flatMap((durables) =>
        Object.entries(durables).flatMap(([durable, streams]) =>
          streams.map((stream) => `${stream} ${durable}`),
        ),
      );
      expect(there.sort()).toEqual(told.sort());
    });

    it("has refused no service anything it needed", async () => {
      const { platform } = world();
      for (const name of platform.names)
        expect(await platform.log(name)).not.toMatch(/permissions? violation/i);
    });
  });

  describe("the database server", () => {
    it(
      "lets a service's roles into that service's database only",
      async () => {
        const problems = new Problems();
        const { platform } = world();
        const admin = new pg.Client({ connectionString: platform.backends.adminUrl });
        await admin.connect();
        const { rows } = await admin.query<{ datname: string }>(
          "select datname from pg_database where datallowconn",
        );
        const { rows: members } = await admin.query<{ role: string }>(
          `select pg_get_userbyid(member) || ' in ' || pg_get_userbyid(roleid) as role from pg_auth_members
           where pg_get_userbyid(member) ~ '_(owner|app|system|platform)$'`,
        );
        await admin.end();
        expect(members).toEqual([]);
        for (const service of SERVICES) {
          for (const role of ROLES) {
            for (const { datname } of rows.filter(ours)) {
              const url = new URL(platform.databaseUrl(service, role));
              url.pathname = `/${datname}`;
              const came = await connects(url.toString());
              problems.look(
                came !== (datname === service) &&
                  `${service}_${role} ${came ? "gets" : "doesn't get"} into ${datname}`,
              );
            }
          }
        }
        problems.expectNone(SERVICES.length * ROLES.length * SERVICES.length);
      },
      TEST_MS,
    );
  });
}

/** On a server from outside other people have databases too. */
const ours = ({ datname }: { datname: string }): boolean =>
  process.env.POSTGRES_ADMIN_URL === undefined || SERVICES.some((service) => service === datname);

/** Whether the broker refuses a subscription; what it allows stays silent. */
function isRefused(nats: Nats, subject: string): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), REFUSAL_MS);
    nats.nc.subscribe(subject, {
      callback: (error) => {
        if (!error) return;
        clearTimeout(late);
        resolve(true);
      },
    });
  });
}

async function connects(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === "42501") return false;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}
