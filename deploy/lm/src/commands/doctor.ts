import { z } from "zod";
import { brokerFindings } from "../checks/broker.ts";
import { databaseFindings } from "../checks/databases.ts";
import type { Finding } from "../checks/finding.ts";
import { machineFindings } from "../checks/machine.ts";
import { serviceFindings } from "../checks/services.ts";
import type { Register } from "../command.ts";
import { colour } from "../output.ts";
import { EXIT } from "../problem.ts";

const MARK: Record<Finding["state"], string> = {
  good: colour("green", "✓"),
  note: colour("yellow", "!"),
  bad: colour("red", "✗"),
};

/** Looks at all parts of the platform. */
export const doctor: Register = (parent, run) => {
  parent
    .command("doctor")
    .description(
      "Looks at versions, reachability, schemas, streams, keys and disk, and says what to do about what is wrong. " +
        "(npm run doctor looks at this machine before a first start.)",
    )
    .action(
      run(z.object({}), async ({ session, out }) => {
        const findings = [
          ...machineFindings(session.target.dataDir),
          ...(await brokerFindings(session)),
          ...(await databaseFindings(session)),
          ...(await serviceFindings(session)),
        ];
        const wrong = findings.filter(({ state }) => state === "bad").length;
        const width = Math.max(...findings.map(({ what }) => what.length));
        out.result({ platform: session.target.name, healthy: wrong === 0, findings }, () => [
          colour("bold", session.target.name),
          ...findings.map(({ what, state, says }) => `  ${MARK[state]} ${what.padEnd(width)}  ${says}`),
          wrong === 0 ? "Nothing is wrong." : `${wrong} to mend.`,
        ]);
        return wrong === 0 ? EXIT.good : EXIT.found;
      }),
    );
};
