import { asService } from "@leadmetrics/kit";
import { KeysService } from "@leadmetrics/proto/identity/v1/keys";
import { AuditService } from "@leadmetrics/proto/tenancy/v1/audit";
import { z } from "zod";
import type { Session } from "../session.ts";
import { processState } from "../state/processes.ts";
import { bad, type Finding, finding, good, note } from "./finding.ts";

const keySet = z.object({ keys: z.array(z.object({ kid: z.string() })) });

/** Whether the processes are ready, identity has keys, and `lm` may call. */
export async function serviceFindings(session: Session): Promise<Finding[]> {
  const processes = await Promise.all(session.target.processes.map(processState));
  const notReady = processes.filter(({ state }) => state !== "ready");
  const ready =
    processes.length === 0
      ? note("processes", "nobody said where they are: set <SERVICE>_ADMIN_URL")
      : notReady.length === 0
        ? good("processes", `${processes.length} ready`)
        : bad(
            "processes",
            `${notReady.map(({ name, state }) => `${name} ${state}`).join(", ")}: look at their logs`,
          );
  const keys = await finding("signing keys", "everybody's access tokens are checked with them", async () => {
    const { jwksJson } = await session.call("identity", (rpc) =>
      rpc.client(KeysService, "identity").getJwks({}),
    );
    const { keys: all } = keySet.parse(JSON.parse(jwksJson));
    return all.length === 0
      ? bad("signing keys", "identity has none: restart it, it makes one at its start")
      : good("signing keys", `${all.length} verify access tokens`);
  });
  const rights = await finding(
    "lm itself",
    "audit verify and keys rotate don't work until then",
    async () => {
      await session.call("tenancy", (rpc) =>
        rpc
          .client(AuditService, "tenancy")
          .verifyAuditTrail({ chain: "platform" }, asService(session.callCtx())),
      );
      return good("lm itself", "is known to identity and may call");
    },
  );
  return [ready, ...keys, ...rights];
}
