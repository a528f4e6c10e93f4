import { createHash } from "node:crypto";
import { asTenantId, newId, type TenantId, toRef } from "@leadmetrics/kit";
import type { ServiceTest } from "@leadmetrics/kit/testing";
import { ExportsService, TenantExportStatus } from "@leadmetrics/proto/tenancy/v1/exports";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fromBuffer } from "yauzl";
import type { TenancyDb } from "../src/db.ts";
import { startWholeTenant, type WholeTenant } from "./whole-tenant.ts";

let t: ServiceTest<TenancyDb>;
let world: WholeTenant;
beforeAll(async () => {
  world = await startWholeTenant();
  ({ t } = world);
});
afterAll(() => t?.close());

const admin = () => t.ctx.superAdmin().principal;

describe("a tenant's export", () => {
  it("is a zip with every service's records and files, whose hashes are in its manifest", async () => {
    const { tenant } = await world.company("Zip Bakery");
    const exports = await t.client(ExportsService, admin(), tenant);
    const { export: started } = await exports.startTenantExport({});
    // More often than Postgres plans a prepared statement by its values.
    for (let again = 0; again < 8; again++) {
      const { export: same } = await exports.startTenantExport({});
      if (same?.status === TenantExportStatus.WORKING) expect(same.ref).toBe(started?.ref);
    }
    const now = async () => (await exports.getTenantExport({})).export;
    await expect.poll(async () => (await now())?.status, { timeout: 15_000 }).toBe(TenantExportStatus.READY);
    const ready = await now();
    const zip = await download(tenant, started?.ref ?? "");
    expect(BigInt(zip.length)).toBe(ready?.bytes);
    expect(createHash("sha256").update(zip).digest("hex")).toBe(ready?.sha256);
    expect((await download(tenant, started?.ref ?? "", 600_000)).equals(zip.subarray(600_000))).toBe(true);
    const files = await unzip(zip);
    const manifest = JSON.parse(String(files.get("manifest.json"))) as {
      tenantName: string;
      files: { path: string; sha256: string; bytes: number; records: number }[];
      leftOut: Record<string, string[]>;
    };
    expect(manifest.tenantName).toBe("Zip Bakery");
    expect(manifest.files.length).toBe(files.size - 1);
    for (const { path, sha256, bytes } of manifest.files) {
      const content = files.get(path) ?? Buffer.alloc(0);
      expect([path, content.length, createHash("sha256").update(content).digest("hex")]).toEqual([
        path,
        bytes,
        sha256,
      ]);
    }
    expect(files.get("files/01J/menu.bin")?.length).toBe(700_000);
    expect(manifest.leftOut.elsewhere).toEqual(["thing.sealed_key"]);
    expect(manifest.leftOut.tenancy).toContain("invitation.token_hash");
    const members = String(files.get("records/tenancy/tenant_member.jsonl"));
    expect(JSON.parse(members)).toMatchObject({ tenantRef: toRef(tenant), role: "owner" });
    expect([...files.keys()]).toContain("records/tenancy/audit_entry.jsonl");
  }, 30_000);

  it("can't be taken by anybody else, and not before it is there", async () => {
    const { tenant } = await world.company("Shut Bakery");
    const exports = await t.client(ExportsService, admin(), tenant);
    await expect(exports.getTenantExport({})).rejects.toThrow("no such export");
    await expect(download(tenant, toRef(newId()))).rejects.toThrow("no such export");
    const { export: mine } = await exports.startTenantExport({});
    const stranger = await t.client(ExportsService, admin(), asTenantId(newId()));
    await expect(stranger.startTenantExport({})).rejects.toThrow("no such tenant");
    await expect(download(asTenantId(newId()), mine?.ref ?? "")).rejects.toThrow("no such export");
    const owner = await t.client(ExportsService, t.ctx.tenant(tenant).principal, tenant);
    await expect(owner.startTenantExport({})).rejects.toThrow();
  });
});

async function download(tenant: TenantId, exportRef: string, offset = 0): Promise<Buffer> {
  const exports = await t.client(ExportsService, admin(), tenant);
  const pieces: Uint8Array[] = [];
  for await (const { data } of exports.downloadTenantExport({ exportRef, offset: BigInt(offset) }))
    pieces.push(data);
  return Buffer.concat(pieces);
}

function unzip(zip: Buffer): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, file) => {
      if (error) return reject(error);
      const files = new Map<string, Buffer>();
      file.on("entry", (entry) => {
        file.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed);
          const pieces: Buffer[] = [];
          stream.on("data", (piece: Buffer) => pieces.push(piece));
          stream.on("end", () => {
            files.set(entry.fileName, Buffer.concat(pieces));
            file.readEntry();
          });
        });
      });
      file.on("end", () => resolve(files));
      file.readEntry();
    });
  });
}
