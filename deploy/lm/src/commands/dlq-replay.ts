import { type DeadLetter, listDeadLetters, type Nats, replayDeadLetter } from "@leadmetrics/kit";
import { z } from "zod";
import { count, type Register } from "../command.ts";
import { shortType } from "../events.ts";
import { EXIT, Problem } from "../problem.ts";
import { dlqFilter } from "./dlq-list.ts";
import { noSuchLetter } from "./dlq-show.ts";

const options = dlqFilter.extend({ all: z.boolean().default(false), dryRun: z.boolean().default(false) });
const PAGE = 100;

/** Sends dead letters to their consumers again. */
export const dlqReplay: Register = (parent, run) => {
  parent
    .command("replay")
    .description(
      "Sends dead letters to the consumer that could not handle them, and to no other, under the same event id. " +
        "What fails again comes back with a new number. Every replay is audited.",
    )
    .argument("[no...]", "their numbers in lm dlq list", (text: string, earlier: number[] | undefined) => [
      ...(earlier ?? []),
      count(text),
    ])
    .option("--all", "all there are now, or all that match")
    .option("--stream <name>", "with --all: only of this stream")
    .option("--consumer <durable>", "with --all: only of this consumer")
    .option("--tenant <ref>", "with --all: only of this tenant")
    .option("--dry-run", "only show which")
    .action(
      run(options, async ({ session, out, args, options: { all, dryRun, tenant, ...filter } }) => {
        if (all === args.length > 0)
          throw new Problem("Name dead letters by their numbers, or say --all (with filters).", EXIT.usage);
        const nats = await session.nats();
        const chosen = all ? await everyLetter(nats, { ...filter, tenantRef: tenant }) : args.map(Number);
        // Without the audit trail nothing is sent.
        if (!dryRun) await session.reaching("tenancy", () => session.database("tenancy").ping());
        const sent: DeadLetter[] = [];
        if (!dryRun)
          for (const number of chosen) {
            const letter = await replayDeadLetter(nats, number).catch((error: unknown) => {
              throw noSuchLetter(number, error);
            });
            sent.push(letter);
            await session.audit({
              action: "tenancy.dead_letter.replayed",
              entityKind: "dead_letter",
              entityRef: String(number),
              summary: `${shortType(letter.type) || "A message"} was sent to ${letter.consumer} again`,
            });
          }
        out.result({ chosen, replayed: sent.map(({ sequence }) => sequence) }, () =>
          dryRun
            ? [`${chosen.length} would be sent again${chosen.length > 0 ? `: ${chosen.join(", ")}` : ""}.`]
            : [
                ...sent.map((letter) => `  ${letter.sequence} → ${letter.consumer}`),
                `${sent.length} sent again. lm dlq list shows what came back.`,
              ],
        );
        return EXIT.good;
      }),
    );
};

/** Numbers of all that are there now: one that comes back is not sent a second time. */
async function everyLetter(
  nats: Nats,
  filter: { stream?: string; consumer?: string; tenantRef?: string },
): Promise<number[]> {
  const last = (await nats.jsm.streams.info("DLQ")).state.last_seq;
  const found: number[] = [];
  for (;;) {
    const page = await listDeadLetters(nats, { ...filter, limit: PAGE, after: found.at(-1) });
    found.push(...page.map(({ sequence }) => sequence).filter((sequence) => sequence <= last));
    if (page.length < PAGE || page.some(({ sequence }) => sequence > last)) return found;
  }
}
