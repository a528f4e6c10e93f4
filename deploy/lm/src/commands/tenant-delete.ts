import { setTimeout as sleep } from "node:timers/promises";
import { asService } from "@leadmetrics/kit";
import {
  DeletionsService,
  type TenantDeletion,
  TenantDeletionStatus,
} from "@leadmetrics/proto/tenancy/v1/deletions";
import { z } from "zod";
import type { Register } from "../command.ts";
import { EXIT } from "../problem.ts";
import type { Session } from "../session.ts";
import { deletionLines, deletionValue } from "../state/deletion.ts";

const options = z.object({ name: z.string(), reason: z.string(), wait: z.boolean().default(false) });

const POLL_MS = 2_000;

/** Begins the end of a tenant. */
export const tenantDelete: Register = (parent, run) => {
  parent
    .command("delete")
    .description(
      "Suspends a tenant at once and erases it from every store when the grace period is over (30 days unless tenancy " +
        "is configured otherwise). Until then lm tenant keep brings it back. Make an export before: lm tenant export.",
    )
    .argument("<ref>", "the tenant's ref")
    .requiredOption("--name <name>", "the tenant's name, so that no other one is meant")
    .requiredOption("--reason <text>", "why, as it will stand in the audit trail and in the proof")
    .option("--wait", "stay until it is finished, and show the proof")
    .action(
      run(options, async ({ session, out, args: [ref = ""], options: { name, reason, wait }, signal }) => {
        let deletion = await session.call("tenancy", async (rpc) => {
          const answer = await rpc
            .client(DeletionsService, "tenancy")
            .requestTenantDeletion(
              { tenantName: name, reason: `${reason} (${session.ctx.actor.id})` },
              asService(session.callCtx(ref)),
            );
          return answer.deletion;
        });
        while (wait && deletion && !isOver(deletion) && !signal.aborted) {
          await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
          deletion = await deletionOf(session, ref);
        }
        out.result(deletionValue(deletion), () => deletionLines(deletion));
        return EXIT.good;
      }),
    );
};

const isOver = ({ status }: TenantDeletion) =>
  status === TenantDeletionStatus.FINISHED || status === TenantDeletionStatus.CANCELLED;

/** The tenant's last deletion. */
export function deletionOf(session: Session, ref: string): Promise<TenantDeletion | undefined> {
  return session.call("tenancy", async (rpc) => {
    const answer = await rpc
      .client(DeletionsService, "tenancy")
      .getTenantDeletion({}, asService(session.callCtx(ref)));
    return answer.deletion;
  });
}
