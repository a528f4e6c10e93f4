import { countReplayable, replayOutbox } from "@leadmetrics/kit";
import { SERVICES } from "@leadmetrics/local/system";
import { Option } from "commander";
import { z } from "zod";
import { moment, type Register } from "../command.ts";
import { EXIT } from "../problem.ts";

const options = z.object({
  service: z.enum(SERVICES),
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
    .addOption(new Option("--service <name>", "whose events").choices(SERVICES).makeOptionMandatory())
    .requiredOption("--since <time>", "15m, 2h, 3d ago, or a time like 2026-12-01T08:00:00Z", moment)
    .option("--dry-run", "only count them")
    .action(
      run(options, async ({ session, out, options: { service, since, dryRun } }) => {
        const db = session.database(service);
        const counted = await session.reaching(service, () => countReplayable(db, since));
        const events = dryRun
          ? counted.events
          : await session.reaching(service, () => replayOutbox(db, since));
        const found = { ...counted, events };
        if (!dryRun)
          await session.audit({
            action: "tenancy.outbox.replayed",
            entityKind: "service",
            entityRef: service,
            summary: `${found.events} events of ${service} since ${since.toISOString()} were sent again`,
          });
        out.result({ service, since, sent: !dryRun, ...found }, () => [
          `${found.events} events of ${service} ${dryRun ? "would be" : "are"} sent again` +
            (found.first ? `, from ${found.first.toISOString()} to ${found.last?.toISOString()}.` : "."),
        ]);
        return EXIT.good;
      }),
    );
};
