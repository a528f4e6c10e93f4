import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRef } from "@leadmetrics/kit";
import { STREAMS } from "@leadmetrics/kit/streams";
import { describe, expect, it } from "vitest";
import { open } from "yauzl";
import { signIn } from "../../local/demo/main-job.ts";
import { people, Rest, refusal, until } from "../company.ts";
import { rowsWith } from "./traces.ts";
import { lm, type World } from "./world.ts";

const TEST_MS = 90_000;

/** Where the end of a tenant is allowed to leave its reference: the proof, what the law demands, and the platform's own trail. */
const KEPT = [
  /^tenancy\.public\.tenant_deletion$/,
  /^tenancy\.public\.audit_entry$/,
  /^\w+\.kit\.tenant_erasure$/,
  /^billing\.public\.kept_(payment|account)$/,
  // The platform's events, for 72 hours.
  /^(identity|tenancy)\.kit\.outbox$/,
];

interface Deletion {
  readonly status: string;
  readonly tenantName: string;
  readonly problem: string;
  readonly reportHash: string;
  readonly steps: readonly {
    holder: string;
    stores: readonly { name: string; rule: string; before: number; after: number }[];
  }[];
}

/** A tenant's export and its end, over the whole platform. */
export function deletionSuite(world: () => World): void {
  const path = () => `/admin/v1/tenants/${world().leaving.tenant}/deletion`;
  const nameOf = async () =>
    (await world().leaving.client.get<{ name: string }>("/tenant/v1/tenant")).body.name;
  const deletion = async () =>
    (await world().leaving.admin.get<{ deletion: Deletion }>(path())).body.deletion;
  let name = "";

  describe("an export", () => {
    it(
      "has every service's records and the files as they were uploaded, each with the hash its manifest says",
      async () => {
        const { leaving } = world();
        const folder = await mkdtemp(join(tmpdir(), "lm-export-"));
        const file = join(folder, "all.zip");
        const said = await lm(world(), "tenant", "export", leaving.tenant, "--out", file, "--json");
        expect(said).toMatchObject({ code: 0, wrong: "" });
        const files = await unzipped(file);
        const manifest = JSON.parse(String(files.get("manifest.json"))) as {
          tenantRef: string;
          files: { path: string; service: string; sha256: string; records: number }[];
          leftOut: Record<string, string[]>;
        };
        expect(manifest.tenantRef).toBe(leaving.tenant);
        for (const { path: at, sha256 } of manifest.files)
          expect([
            at,
            createHash("sha256")
              .update(files.get(at) ?? "")
              .digest("hex"),
          ]).toEqual([at, sha256]);
        expect(manifest.files).toHaveLength(files.size - 1);
        expect(new Set(manifest.files.map(({ service }) => service))).toEqual(
          new Set(["content", "agents", "rag", "notifications", "billing", "tenancy"]),
        );
        const uploaded = [...files.keys()].find((at) => at.endsWith("/rye.md")) ?? "";
        expect(String(files.get(uploaded))).toContain("sixteen hours");
        expect(String(files.get("records/content/revision.jsonl"))).toContain('"contentHash"');
        expect(manifest.leftOut.content).toContain("channel.sealed_credentials");
        const everything = [...files.values()].map(String).join("\n");
        expect(everything).not.toContain("sealedCredentials");
        expect(everything).not.toContain(world().staying.tenant);
        const sent = await fetch(`${leaving.at.gateway}/admin/v1/tenants/${leaving.tenant}/export/download`, {
          headers: { authorization: `Bearer ${await tokenOf(leaving.at.gateway)}` },
        });
        expect(sent.headers.get("content-type")).toBe("application/zip");
        expect(Buffer.from(await sent.arrayBuffer()).equals(await readFile(file))).toBe(true);
        await rm(folder, { recursive: true });
      },
      TEST_MS,
    );
  });

  describe("a deletion", () => {
    it(
      "signs everybody out at once, and brings everything back when it is cancelled in its grace period",
      async () => {
        const { leaving, platform } = world();
        name = await nameOf();
        const wrong = await refusal(leaving.admin.post(path(), { reason: "a test", tenantName: "Another" }));
        expect(wrong).toMatchObject({ status: 409, code: "another_name" });
        await leaving.admin.post(path(), { reason: "a mistake", tenantName: name });
        await until("the end of the owner's session", 10_000, async () =>
          (await refusalOf(leaving.client.get("/tenant/v1/plans"))) === 401 ? true : undefined,
        );
        const again = await refusal(signIn(platform.addresses.gateway, leaving.person, "dashboard"));
        expect(again.code).toBe("no_active_tenant");
        const said = await lm(world(), "tenant", "keep", leaving.tenant, "--reason", "a mistake");
        expect(said).toMatchObject({ code: 0, wrong: "" });
        const back = await signIn(platform.addresses.gateway, leaving.person, "dashboard");
        expect((await back.get<{ items: unknown[] }>("/tenant/v1/plans")).body.items).toHaveLength(1);
      },
      TEST_MS,
    );

    it(
      "erases the tenant from every store though two processes die in the middle, and touches nobody else",
      async () => {
        const { leaving, staying, platform, nats } = world();
        const others = [staying.tenant, fromRef(staying.tenant)];
        const before = await rowsWith(platform, others);
        await Promise.all([
          platform.restart("tenancy", { FAILPOINT: "tenancy.deletion.erased" }),
          platform.restart("agents", { FAILPOINT: "records.erased" }),
        ]);
        await leaving.admin.post(path(), { reason: "asked for by the owner", tenantName: name });
        const done = await until("the end of the deletion", 60_000, async () => {
          const now = await deletion().catch(() => undefined);
          return now?.status === "finished" ? now : undefined;
        });
        expect(platform.restarts("tenancy")).toBe(1);
        expect(platform.restarts("agents")).toBe(1);

        expect(done).toMatchObject({ tenantName: "", problem: "" });
        const stores = done.steps.flatMap(({ holder, stores: of }) =>
          of.map((store) => ({ ...store, name: `${holder}.${store.name}` })),
        );
        const left = stores.filter(({ rule, after }) => rule !== "keep" && after > 0);
        expect(left).toEqual([]);
        const held = stores.filter(({ before: count }) => count > 0).map((store) => store.name);
        for (const store of [
          "content.activity",
          "content.revision",
          "agents.agent_run",
          "rag.objects",
          "rag.vectors",
          "search.document",
          "notifications.notification",
          "notifications.delivery of people",
          "billing.credit_entry",
          "identity.user_account",
          "tenancy.audit_entry",
          "broker.EVT_CONTENT",
        ])
          expect(held).toContain(store);

        // Not by the platform's own count: every column of every table, every file, every stream.
        const words = [leaving.tenant, fromRef(leaving.tenant), leaving.person.email];
        const traces = [...(await rowsWith(platform, words)).keys()];
        expect(traces.filter((table) => !KEPT.some((kept) => kept.test(table)))).toEqual([]);
        const folder = join(platform.place.dataDir, "files", leaving.tenant);
        const files = existsSync(folder)
          ? await readdir(folder, { recursive: true, withFileTypes: true })
          : [];
        expect(files.filter((entry) => entry.isFile())).toEqual([]);
        for (const { name: stream } of STREAMS) {
          const { state } = await nats.jsm.streams.info(stream, { subjects_filter: ">" });
          expect(Object.keys(state.subjects ?? {}).filter((at) => at.includes(leaving.tenant))).toEqual([]);
        }

        expect(await rowsWith(platform, others)).toEqual(before);
        expect((await staying.client.get("/tenant/v1/plans")).status).toBe(200);
      },
      TEST_MS,
    );

    it("is proven: the report has its hash in the platform's audit chain, which is whole", async () => {
      const { leaving, platform } = world();
      const shown = await lm(world(), "tenant", "deletion", leaving.tenant);
      expect(shown).toMatchObject({ code: 0, wrong: "" });
      const { reportHash } = await deletion();
      expect(shown.text).toContain(`sha256 ${reportHash}`);
      const traces = await until("the entry of the proof", 10_000, async () => {
        const found = await rowsWith(platform, [reportHash]);
        return found.has("tenancy.public.audit_entry") ? found : undefined;
      });
      expect(traces.get("tenancy.public.audit_entry")).toMatch(/^1:/);
      expect((await lm(world(), "audit", "verify")).code).toBe(0);
      const gone = await refusal(leaving.admin.post(path(), { reason: "again", tenantName: name }));
      expect(gone.status).toBe(404);
      expect((await refusal(signIn(platform.addresses.gateway, leaving.person, "dashboard"))).status).toBe(
        401,
      );
    }, 30_000);
  });
}

/** A super admin's, for what isn't JSON. */
async function tokenOf(gateway: string): Promise<string> {
  const signedIn = await new Rest(gateway).post<{ accessToken: string }>("/auth/v1/login", {
    email: people.superAdmin.email,
    password: people.superAdmin.password,
    portal: "manage",
  });
  return signedIn.body.accessToken;
}

async function refusalOf(call: Promise<unknown>): Promise<number | undefined> {
  return call.then(
    () => undefined,
    (error: { status?: number }) => error.status,
  );
}

function unzipped(path: string): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const files = new Map<string, Buffer>();
      zip.on("entry", (entry) =>
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed);
          const pieces: Buffer[] = [];
          stream.on("data", (piece: Buffer) => pieces.push(piece));
          stream.on("end", () => {
            files.set(entry.fileName, Buffer.concat(pieces));
            zip.readEntry();
          });
        }),
      );
      zip.on("error", reject);
      zip.on("end", () => resolve(files));
      zip.readEntry();
    });
  });
}
