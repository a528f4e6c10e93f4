import { AppError, showDeadLetter, withoutSecrets } from "@leadmetrics/kit";
import { z } from "zod";
import { count, type Register } from "../command.ts";
import { decode } from "../events.ts";
import { EXIT, Problem } from "../problem.ts";
import { withoutSecretFields } from "../rules.ts";

/** Tells everything about one dead letter. */
export const dlqShow: Register = (parent, run) => {
  parent
    .command("show")
    .description("Shows one dead letter: why it died, its headers and its payload, read by its contract.")
    .argument("<no>", "its number in lm dlq list", count)
    .action(
      run(z.object({}), async ({ session, out, args }) => {
        const number = Number(args[0]);
        const { payload, headers, ...letter } = await showDeadLetter(await session.nats(), number).catch(
          (error: unknown) => {
            throw noSuchLetter(number, error);
          },
        );
        const shown = { ...letter, headers: withoutSecretFields(headers), ...decode(letter.type, payload) };
        out.result(shown, () => [
          `dead letter ${letter.sequence}, ${letter.at.toISOString()}`,
          `  why       ${letter.why}`,
          `  consumer  ${letter.consumer} on ${letter.stream}, ${letter.deliveries} deliveries`,
          `  event     ${letter.eventId || "(no id)"} ${letter.type}`,
          `  subject   ${letter.subject}`,
          ...withoutSecrets(JSON.stringify("data" in shown ? shown.data : shown.unreadable, null, 2))
            .split("\n")
            .map((line) => `  ${line}`),
        ]);
        return EXIT.good;
      }),
    );
};

/** A number that isn't in the list, in words; any other failure as it is. */
export function noSuchLetter(number: number, error: unknown): unknown {
  if (!(error instanceof AppError) || error.kind !== "not_found") return error;
  return new Problem(`There is no dead letter ${number}: lm dlq list shows which there are.`, EXIT.usage);
}
