import { listDeadLetters } from "@leadmetrics/kit";
import { z } from "zod";
import { count, type Register } from "../command.ts";
import { shortType } from "../events.ts";
import { table } from "../output.ts";
import { EXIT } from "../problem.ts";
import { duration } from "../rules.ts";

const DEFAULT_LIMIT = 50;
const MAX_WHY = 70;

export const dlqFilter = z.object({
  stream: z.string().optional(),
  consumer: z.string().optional(),
  tenant: z.string().optional(),
});
const options = dlqFilter.extend({ limit: z.number(), after: z.number().optional() });

/** Shows what no consumer could handle. */
export const dlqList: Register = (parent, run) => {
  parent
    .command("list")
    .description("Lists dead letters, the oldest first.")
    .option("--stream <name>", "only of this stream, e.g. EVT_CONTENT")
    .option("--consumer <durable>", "only of this consumer")
    .option("--tenant <ref>", 'only of this tenant; "platform" for what belongs to none')
    .option("--limit <count>", "at most so many", count, DEFAULT_LIMIT)
    .option("--after <sequence>", "only those after this one", count)
    .action(
      run(options, async ({ session, out, options: { tenant, ...filter } }) => {
        const letters = await listDeadLetters(await session.nats(), { ...filter, tenantRef: tenant });
        out.result(letters, () =>
          letters.length === 0
            ? ["No dead letters."]
            : [
                ...table(
                  ["no", "age", "consumer", "event", "tenant", "tries", "why"],
                  letters.map((letter) => [
                    letter.sequence,
                    duration((Date.now() - letter.at.getTime()) / 1_000),
                    letter.consumer,
                    shortType(letter.type),
                    letter.tenantRef,
                    letter.deliveries,
                    letter.why.slice(0, MAX_WHY),
                  ]),
                ),
                "lm dlq show <no> tells all of one, lm dlq replay <no> sends it again.",
              ],
        );
        return EXIT.good;
      }),
    );
};
