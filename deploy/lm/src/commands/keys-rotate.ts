import { asService } from "@leadmetrics/kit";
import { KeysService } from "@leadmetrics/proto/identity/v1/keys";
import { z } from "zod";
import type { Register } from "../command.ts";
import { EXIT } from "../problem.ts";

const options = z.object({ retireEarlier: z.boolean().default(false) });

/** Makes a new signing key. */
export const keysRotate: Register = (parent, run) => {
  parent
    .command("rotate")
    .description(
      "Makes a new key for access tokens before the old one is due. Nobody is signed out: earlier keys verify until " +
        "their last token is over.",
    )
    .option(
      "--retire-earlier",
      "refuse tokens of earlier keys from now on (within ten minutes): one has leaked",
    )
    .action(
      run(options, async ({ session, out, options: { retireEarlier } }) => {
        const { kid, stillVerifying } = await session.call("identity", (rpc) =>
          rpc.client(KeysService, "identity").rotateKeys({ retireEarlier }, asService(session.callCtx())),
        );
        out.result({ kid, stillVerifying }, () => [
          `${kid} signs from now on; ${stillVerifying} earlier ${stillVerifying === 1 ? "key verifies" : "keys verify"} on.`,
        ]);
        return EXIT.good;
      }),
    );
};
