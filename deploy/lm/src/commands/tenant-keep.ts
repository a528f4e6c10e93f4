import { asService } from "@leadmetrics/kit";
import { DeletionsService } from "@leadmetrics/proto/tenancy/v1/deletions";
import { z } from "zod";
import type { Register } from "../command.ts";
import { EXIT } from "../problem.ts";
import { deletionLines, deletionValue } from "../state/deletion.ts";

const options = z.object({ reason: z.string().default("") });

/** Cancels the end of a tenant. */
export const tenantKeep: Register = (parent, run) => {
  parent
    .command("keep")
    .description("Cancels a tenant's deletion while its grace period lasts: it is what it was before.")
    .argument("<ref>", "the tenant's ref")
    .option("--reason <text>", "why, as it will stand in the audit trail")
    .action(
      run(options, async ({ session, out, args: [ref = ""], options: { reason } }) => {
        const { deletion } = await session.call("tenancy", (rpc) =>
          rpc
            .client(DeletionsService, "tenancy")
            .cancelTenantDeletion(
              { reason: `${reason} (${session.ctx.actor.id})`.trim() },
              asService(session.callCtx(ref)),
            ),
        );
        out.result(deletionValue(deletion), () => deletionLines(deletion));
        return EXIT.good;
      }),
    );
};
