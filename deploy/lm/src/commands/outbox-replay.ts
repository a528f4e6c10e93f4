import { countReplayable, type Replayable, replayOutbox } from "@leadmetrics/kit";
import { SERVICES, type ServiceName } from "@leadmetrics/local/system";
import { Option } from "commander";
import { z } from "zod";
import { moment, type Register } from "../command.ts";
import { EXIT } from "../problem.ts";
import type { Session } from "../session.ts";

const ALL = "all";

const options = z.object({
  service: z.enum([...SERVICES, ALL]),
  since: z.date(),
  dryRun: z.boolean().default(false),
});

/** Sends again what a broker has lost. */
export const outboxReplay: Register = (parent, run) => {
  parent
    .command("replay")
    .description(
      "Sends a service's events again that went out since a moment (72 hours are kept): for a broker that lost them. " +
        "They keep their ids, so consumers skip what they have done.",
    )
    .addOption(
      new Option("--service <name>", "whose events").choices([...SERVICES, ALL]).makeOptionMandatory(),
    )
    .requiredOption("--since <time>", "15m, 2h, 3d ago, or a time like 2026-12-01T08:00:00Z", moment)
    .option("--dry-run", "only count them")
    .action(
      run(options, async ({ session, out, options: { service, since, dryRun } }) => {
        const services = service === ALL ? session.services : [service];
        const replayed: ({ service: ServiceName } & Replayable)[] = [];
        for (const each of services)
          replayed.push({ service: each, ...(await replay(session, each, since, dryRun)) });
        out.result({ since, sent: !dryRun, services: replayed }, () =>
          replayed.map(
            ({ service: name, events, first, last }) =>
              `${events} events of ${name} ${dryRun ? "would be" : "are"} sent again` +
              (first ? `, from ${first.toISOString()} to ${last?.toISOString()}.` : "."),
          ),
        );
        return EXIT.good;
      }),
    );
};

async function replay(
  session: Session,
  service: ServiceName,
  since: Date,
  dryRun: boolean,
): Promise<Replayable> {
  const db = session.database(service);
  const found = await session.reaching(service, () => countReplayable(db, since));
  if (dryRun) return found;
  const events = await session.reaching(service, () => replayOutbox(db, since));
  await session.audit({
    action: "tenancy.outbox.replayed",
    entityKind: "service",
    entityRef: service,
    summary: `${events} events of ${service} since ${since.toISOString()} were sent again`,
  });
  return { ...found, events };
}
