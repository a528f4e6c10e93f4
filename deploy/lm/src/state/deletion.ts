import { createHash } from "node:crypto";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { type TenantDeletion, TenantDeletionStatus } from "@leadmetrics/proto/tenancy/v1/deletions";
import { colour, table } from "../output.ts";

const WORDS: Record<TenantDeletionStatus, string> = {
  [TenantDeletionStatus.UNSPECIFIED]: "unknown",
  [TenantDeletionStatus.REQUESTED]: "requested",
  [TenantDeletionStatus.GRACE]: "in its grace period",
  [TenantDeletionStatus.ERASING]: "being erased",
  [TenantDeletionStatus.VERIFYING]: "being verified",
  [TenantDeletionStatus.FINISHED]: "finished",
  [TenantDeletionStatus.CANCELLED]: "cancelled",
};

/** Whether the proof of a finished deletion is the one whose hash was written down. */
export function isProven(deletion: TenantDeletion | undefined): boolean {
  if (deletion?.status !== TenantDeletionStatus.FINISHED) return true;
  return createHash("sha256").update(deletion.reportJson).digest("hex") === deletion.reportHash;
}

/** For programs. */
export function deletionValue(deletion: TenantDeletion | undefined) {
  if (!deletion) return null;
  return {
    ref: deletion.ref,
    tenantRef: deletion.tenantRef,
    status: TenantDeletionStatus[deletion.status].toLowerCase(),
    eraseAfter: deletion.eraseAfter ? timestampDate(deletion.eraseAfter) : null,
    problem: deletion.problem,
    steps: deletion.steps.map(({ holder, stores }) => ({
      holder,
      stores: stores.map(({ name, before, erased, after, reason }) => ({
        name,
        before,
        erased,
        after,
        reason,
      })),
    })),
    reportHash: deletion.reportHash,
    proven: isProven(deletion),
    report: deletion.reportJson ? (JSON.parse(deletion.reportJson) as unknown) : null,
  };
}

/** For people: what every store that had anything held before, and holds now. */
export function deletionLines(deletion: TenantDeletion | undefined): string[] {
  if (!deletion) return ["There is no deletion."];
  const rows = deletion.steps.flatMap(({ holder, stores }) =>
    stores
      .filter(({ before, after }) => before > 0n || after > 0n)
      .map(({ name, before, after, reason }) => [holder, name, Number(before), Number(after), reason]),
  );
  const until = deletion.eraseAfter ? timestampDate(deletion.eraseAfter).toISOString() : "?";
  return [
    `The deletion of ${deletion.tenantRef} is ${WORDS[deletion.status]}; its grace period ends ${until}.`,
    ...(rows.length > 0 ? table(["", "store", "before", "now", ""], rows) : []),
    ...(deletion.problem ? [colour("yellow", deletion.problem)] : []),
    ...(deletion.reportHash
      ? [
          isProven(deletion)
            ? colour("green", `Proof: sha256 ${deletion.reportHash}, as in the platform's audit chain.`)
            : colour("red", `The proof was changed: it doesn't have the hash ${deletion.reportHash}.`),
        ]
      : []),
  ];
}
