import { createHash } from "node:crypto";
import {
  asTenantId,
  type Database,
  emit,
  type Id,
  type Logger,
  type ScheduleDefinition,
  schedule,
  systemCtx,
  type TenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { parseActor } from "@leadmetrics/kit/events/headers";
import { TenantExportedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { TenancyDb } from "../db.ts";
import type { ServiceHolder } from "../deletion/holders.ts";
import { EXPORT_LEASE_MS, EXPORT_PIECE_BYTES, EXPORT_POLL_MS, EXPORT_TRIES } from "../tunables.ts";
import { filePath, MANIFEST, type Manifest, recordsPath } from "./rules.ts";
import { changeExport, dropPieces, type Export, oldExports, workingExports } from "./store.ts";
import { ZipWriter } from "./zip.ts";

export interface ExportDeps {
  readonly db: Database<TenancyDb>;
  readonly holders: readonly ServiceHolder[];
  readonly log: Logger;
  /** Milliseconds an export can be downloaded. */
  readonly keptMs: number;
}

/** Exports made, or thrown away, with one run. */
const AT_ONCE = 5;

/** Makes what was asked for, from the beginning when a process died in the middle, and throws away what is old. */
export function exportSchedule(deps: ExportDeps): ScheduleDefinition<TenancyDb> {
  const { db } = deps;
  return schedule<TenancyDb>({
    name: "tenancy-exports",
    every: EXPORT_POLL_MS,
    leaseMs: EXPORT_LEASE_MS,
    run: async ({ signal }) => {
      const { working, old } = await db.withSystem("exports to make", async (tx) => ({
        working: await workingExports(tx, AT_ONCE),
        old: await oldExports(tx, new Date(), AT_ONCE),
      }));
      for (const row of old) await expire(db, row);
      for (const row of working) {
        if (signal.aborted) return;
        await attempt(deps, row, signal);
      }
    },
  });
}

const ctxOf = (row: Export, signal?: AbortSignal): TenantCtx =>
  systemCtx("tenancy.export", {
    tenantId: asTenantId(row.tenant_id as Id),
    actor: parseActor(row.requested_by),
    signal,
  });

async function attempt(deps: ExportDeps, row: Export, signal: AbortSignal): Promise<void> {
  const { db, log } = deps;
  const ctx = ctxOf(row, signal);
  try {
    await db.withTenant(ctx, (tx) => changeExport(tx, row, { attempts: row.attempts + 1 }));
    await make(deps, row, ctx);
  } catch (error) {
    if (signal.aborted) return;
    log.warn({ err: error, export: toRef(row.id as Id) }, "an export could not be made");
    if (row.attempts + 1 < EXPORT_TRIES) return;
    await empty(db, ctx, row);
    await db.withTenant(ctx, (tx) =>
      changeExport(tx, row, {
        status: "failed",
        finished_on: new Date(),
        problem: "A part of the platform didn't give out what it has. Start the export again.",
      }),
    );
  }
}

/** Writes the zip while it is being stored: neither is ever in memory as a whole. */
async function make({ db, holders, keptMs }: ExportDeps, row: Export, ctx: TenantCtx): Promise<void> {
  await empty(db, ctx, row);
  const tenant = await db.withTenant(ctx, (tx) =>
    tx.selectFrom("tenant").select("name").where("id", "=", ctx.tenantId).executeTakeFirst(),
  );
  if (!tenant) return;
  const zip = new ZipWriter();
  const now = new Date();
  const [stored] = await Promise.all([
    store(db, ctx, row, zip),
    fill(zip, holders, ctx, {
      tenantRef: toRef(ctx.tenantId),
      tenantName: tenant.name,
      exportRef: toRef(row.id as Id),
      exportedOn: now.toISOString(),
    }).catch((error: Error) => {
      zip.fail(error);
      throw error;
    }),
  ]);
  const uploaded = zip.files.filter(({ kind }) => kind === "file").length;
  const records = zip.files.reduce((sum, file) => sum + (file.kind === "file" ? 0 : file.records), 0);
  await db.withTenant(ctx, async (tx) => {
    const ready = await changeExport(tx, row, {
      status: "ready",
      finished_on: new Date(),
      expires_on: new Date(Date.now() + keptMs),
      ...stored,
      records,
      files: uploaded,
      problem: "",
    });
    if (!ready) return;
    await emit(
      tx,
      ctx,
      TenantExportedSchema,
      {
        exportRef: toRef(row.id as Id),
        records: BigInt(records),
        files: uploaded,
        bytes: BigInt(stored.bytes),
        sha256: stored.sha256,
      },
      { aggregate: row.tenant_id },
    );
  });
}

/** Every service's records, kind by kind, and its files; the manifest last. */
async function fill(
  zip: ZipWriter,
  holders: readonly ServiceHolder[],
  ctx: TenantCtx,
  facts: Omit<Manifest, "version" | "files" | "leftOut">,
): Promise<void> {
  const leftOut: Record<string, readonly string[]> = {};
  for (const holder of holders) {
    const service = holder.name;
    let after = "";
    while (leftOut[service] === undefined) {
      const from = after;
      for await (const { part, position } of holder.export(ctx, after)) {
        if (part?.case === "records") {
          const { kind = "", lines = new Uint8Array(), count = 0n } = part.value;
          await zip.write({ path: recordsPath(service, kind), service, kind }, lines, Number(count));
        } else if (part?.case === "file") {
          const { path = "", data = new Uint8Array(), last } = part.value;
          await zip.write({ path: filePath(path), service, kind: "file" }, data, last ? 1 : 0);
          if (last) zip.endFile();
        } else if (part?.case === "end") leftOut[service] = part.value.leftOut ?? [];
        after = position ?? "";
      }
      if (leftOut[service] === undefined && after === from)
        throw new Error(`${service} gave nothing and didn't say that nothing follows`);
    }
  }
  zip.endFile();
  const manifest: Manifest = { version: 1, ...facts, files: zip.files, leftOut };
  zip.end(MANIFEST, JSON.stringify(manifest, undefined, 2));
}

/** Stores the zip in pieces as it comes. */
async function store(
  db: Database<TenancyDb>,
  ctx: TenantCtx,
  row: Export,
  zip: ZipWriter,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  let ordinal = 0;
  let waiting: Buffer[] = [];
  let size = 0;
  const flush = async (piece: Buffer) => {
    hash.update(piece);
    bytes += piece.length;
    await db.withTenant(ctx, (tx) =>
      tx
        .insertInto("tenant_export_piece")
        .values({ tenant_id: ctx.tenantId, export_id: row.id, ordinal, bytes: piece })
        .execute(),
    );
    ordinal += 1;
  };
  for await (const chunk of zip.bytes) {
    waiting.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    while (size >= EXPORT_PIECE_BYTES) {
      const all = Buffer.concat(waiting);
      await flush(all.subarray(0, EXPORT_PIECE_BYTES));
      waiting = [all.subarray(EXPORT_PIECE_BYTES)];
      size -= EXPORT_PIECE_BYTES;
    }
  }
  if (size > 0) await flush(Buffer.concat(waiting));
  return { bytes, sha256: hash.digest("hex") };
}

async function expire(db: Database<TenancyDb>, row: Export): Promise<void> {
  const ctx = ctxOf(row);
  await empty(db, ctx, row);
  await db.withTenant(ctx, (tx) => changeExport(tx, row, { status: "expired" }));
}

async function empty(db: Database<TenancyDb>, ctx: TenantCtx, row: Export): Promise<void> {
  while ((await db.withTenant(ctx, (tx) => dropPieces(tx, row.id))) > 0);
}
