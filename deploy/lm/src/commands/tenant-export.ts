import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { asService } from "@leadmetrics/kit";
import { ExportsService, type TenantExport, TenantExportStatus } from "@leadmetrics/proto/tenancy/v1/exports";
import { z } from "zod";
import type { Register } from "../command.ts";
import { EXIT, Problem } from "../problem.ts";
import type { Session } from "../session.ts";

const options = z.object({ out: z.string() });

const POLL_MS = 500;

/** Fetches everything a tenant has. */
export const tenantExport: Register = (parent, run) => {
  parent
    .command("export")
    .description(
      "Writes everything a tenant has into one zip: the records of every service as JSON lines, its files, and a manifest " +
        "with their hashes. Secrets are left out.",
    )
    .argument("<ref>", "the tenant's ref")
    .requiredOption("--out <file>", "where to write it; an existing file is replaced")
    .action(
      run(options, async ({ session, out, args: [ref = ""], options: { out: file }, signal }) => {
        let made = await session.call("tenancy", async (rpc) => {
          const exports = rpc.client(ExportsService, "tenancy");
          return (await exports.startTenantExport({}, asService(session.callCtx(ref)))).export;
        });
        while (made?.status === TenantExportStatus.WORKING) {
          if (signal.aborted) throw new Problem("Stopped: the export goes on being made.", EXIT.found);
          await sleep(POLL_MS);
          made = await session.call("tenancy", async (rpc) => {
            const exports = rpc.client(ExportsService, "tenancy");
            return (await exports.getTenantExport({}, asService(session.callCtx(ref)))).export;
          });
        }
        if (made?.status !== TenantExportStatus.READY)
          throw new Problem(made?.problem || "The export could not be made.", EXIT.found);
        const path = resolve(file);
        await write(session, ref, made, path);
        const { bytes, records, files, sha256 } = made;
        out.result({ file: path, bytes, records, files, sha256 }, () => [
          `${path}: ${records} records and ${files} files, ${bytes} bytes, sha256 ${sha256}.`,
        ]);
        return EXIT.good;
      }),
    );
};

/** Downloads part by part into a file aside, which takes its name when every byte has the hash it should have. */
async function write(session: Session, ref: string, made: TenantExport, path: string): Promise<void> {
  const draft = `${path}.part`;
  const hash = createHash("sha256");
  const target = await open(draft, "w", 0o600);
  try {
    for (let offset = 0n; offset < made.bytes; ) {
      const before = offset;
      await session.call("tenancy", async (rpc) => {
        const part = rpc
          .client(ExportsService, "tenancy")
          .downloadTenantExport({ exportRef: made.ref, offset }, asService(session.callCtx(ref)));
        for await (const { data } of part) {
          hash.update(data);
          await target.write(data);
          offset += BigInt(data.length);
        }
      });
      if (offset === before) throw new Problem("The export ended too early: try again.");
    }
    if (hash.digest("hex") !== made.sha256)
      throw new Problem("The bytes that came aren't those of the export: try again.");
    await target.sync();
    await target.close();
    await rename(draft, path);
  } catch (error) {
    await target.close().catch(() => undefined);
    await rm(draft, { force: true });
    throw error;
  }
}
