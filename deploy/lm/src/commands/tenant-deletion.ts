import { z } from "zod";
import type { Register } from "../command.ts";
import { EXIT } from "../problem.ts";
import { deletionLines, deletionValue, isProven } from "../state/deletion.ts";
import { deletionOf } from "./tenant-delete.ts";

/** Shows how far the end of a tenant is, and its proof. */
export const tenantDeletion: Register = (parent, run) => {
  parent
    .command("deletion")
    .description(
      "How far a tenant's deletion is: what every store held before and holds now. When it is finished: the proof, with " +
        "its hash recomputed.",
    )
    .argument("<ref>", "the tenant's ref")
    .action(
      run(z.object({}), async ({ session, out, args: [ref = ""] }) => {
        const deletion = await deletionOf(session, ref);
        out.result(deletionValue(deletion), () => deletionLines(deletion));
        return deletion?.problem || !isProven(deletion) ? EXIT.found : EXIT.good;
      }),
    );
};
