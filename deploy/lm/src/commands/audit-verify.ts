import { asService } from "@leadmetrics/kit";
import { AuditService, type VerifiedChain } from "@leadmetrics/proto/tenancy/v1/audit";
import { z } from "zod";
import type { Register } from "../command.ts";
import { colour, table } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";

const options = z.object({ tenant: z.string().default("") });

/** Recomputes the audit trail. */
export const auditVerify: Register = (parent, run) => {
  parent
    .command("verify")
    .description(
      "Recomputes the hash chain of every tenant and names the first entry that was changed, removed, inserted or moved. " +
        "Who notes down a head hash elsewhere can compare it later.",
    )
    .option("--tenant <ref>", 'only this tenant\'s chain; "platform" for what belongs to none')
    .action(
      run(options, async ({ session, out, options: { tenant } }) => {
        const chains = await session.call("tenancy", async (rpc) => {
          const audit = rpc.client(AuditService, "tenancy");
          const all: VerifiedChain[] = [];
          let pageToken = "";
          do {
            const answer = await audit.verifyAuditTrail(
              { chain: tenant, page: { pageToken } },
              asService(session.callCtx()),
            );
            all.push(...answer.chains);
            pageToken = answer.page?.nextPageToken ?? "";
          } while (pageToken);
          return all;
        });
        if (tenant && chains.every(({ entries, intact }) => intact && entries === 0n))
          throw new Problem(`Nothing was ever audited for "${tenant}": is it a tenant's ref?`, EXIT.usage);
        const broken = chains.filter(({ intact }) => !intact);
        const shown = chains.map(({ $typeName: _, ...chain }) => chain);
        out.result({ intact: broken.length === 0, chains: shown }, () => [
          ...table(
            ["chain", "entries", "", "head hash"],
            chains.map((chain) => [
              chain.chain,
              Number(chain.entries),
              chain.intact ? "whole" : `BROKEN at ${chain.brokenAt}: ${chain.problem}`,
              chain.headHash,
            ]),
          ),
          broken.length === 0
            ? colour("green", `${chains.length} chains, all whole.`)
            : colour(
                "red",
                `${broken.length} of ${chains.length} chains are broken: keep the database as it is and compare with a backup.`,
              ),
        ]);
        return broken.length === 0 ? EXIT.good : EXIT.found;
      }),
    );
};
