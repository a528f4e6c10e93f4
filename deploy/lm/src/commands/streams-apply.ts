import { applyStreams, planStreams, type StreamChange } from "@leadmetrics/kit";
import { z } from "zod";
import { count, type Register } from "../command.ts";
import { EXIT } from "../problem.ts";

const options = z.object({ dryRun: z.boolean().default(false), replicas: z.number().optional() });

/** Brings streams and buckets to what this version declares. */
export const streamsApply: Register = (parent, run) => {
  parent
    .command("apply")
    .description(
      "Creates missing streams and buckets and corrects settings that differ. Safe to repeat; deletes nothing.",
    )
    .option("--dry-run", "only show what would change (exit code 1 when something would)")
    .option("--replicas <count>", "copies in a cluster: 3; without it existing streams keep theirs", count)
    .action(
      run(options, async ({ session, out, options: { dryRun, replicas } }) => {
        const nats = await session.nats();
        const changes = dryRun
          ? await planStreams(nats, { replicas })
          : await applyStreams(nats, { replicas });
        const changed = changes.filter(({ action }) => action !== "keep");
        out.result({ applied: !dryRun, changes: changed, unchanged: changes.length - changed.length }, () => [
          ...changed.flatMap(linesOf),
          `${changed.length === 0 ? "Nothing" : changed.length} ${dryRun ? "to change" : "changed"}, ${changes.length - changed.length} as declared.`,
        ]);
        return dryRun && changed.length > 0 ? EXIT.found : EXIT.good;
      }),
    );
};

function linesOf({ name, action, differences }: StreamChange): string[] {
  return [
    `  ${action === "create" ? "+" : "~"} ${name}`,
    ...differences.map(
      ({ setting, is, wanted }) =>
        `      ${setting}: ${JSON.stringify(is) ?? "nothing"} → ${JSON.stringify(wanted)}`,
    ),
  ];
}
