import { appendFile, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBooks } from "@leadmetrics/local/backup/books";
import { putBack } from "@leadmetrics/local/backup/put-back";
import { takeBackup } from "@leadmetrics/local/backup/take";
import { describe, expect, it } from "vitest";
import { signIn } from "../../local/demo/main-job.ts";
import { type Listed, until } from "../company.ts";
import { rowsWith } from "./traces.ts";
import { lm, startOn, type World } from "./world.ts";

const TEST_MS = 150_000;

/** What a delivery changes by itself, and the trail, in which what the operator does stands too. */
const MOVING = [/\.kit\.(inbox|outbox)$/, /^tenancy\.public\.audit_entry$/];

/** A running platform is backed up, lost, and put back. */
export function backupSuite(world: () => World): void {
  describe("a backup", () => {
    let folder = "";

    it("is refused where there is nothing to back up, and never overwrites anything", async () => {
      await expect(takeBackup("/nowhere/at-all", "/nowhere/either")).rejects.toThrow("No platform runs in");
      await expect(takeBackup(world().home, tmpdir())).rejects.toThrow("isn't empty");
      await expect(putBack(tmpdir(), world().home)).rejects.toThrow("stop it first");
    });

    it(
      "of a running platform brings it back after everything was lost: counts, ledger, audit chains, retrieval, search",
      async () => {
        const { home, staying, platform } = world();
        folder = join(await mkdtemp(join(tmpdir(), "lm-backup-")), "taken");
        const base = platform.place.base;
        const before = await readBooks(platform.backends.adminUrl);
        const headBefore = await head(world());
        expect(before.ledgerErrors).toBe(0);
        const taken = await takeBackup(home, folder);
        expect(taken.base).toBe(base);
        // What comes later isn't in it.
        await staying.client.post("/tenant/v1/strategies", {
          title: "After the backup",
          body: "Gone.",
          horizonMonths: 3,
          goals: [],
        });

        await world().nats.close();
        await platform.stop();
        await rm(join(home, "data"), { recursive: true });
        await rm(join(home, "state"), { recursive: true });
        await rename(join(folder, "backup.json"), join(folder, "aside.json"));
        await expect(putBack(folder, home)).rejects.toThrow("no whole backup");
        await rename(join(folder, "aside.json"), join(folder, "backup.json"));
        await putBack(folder, home);
        Object.assign(world(), await startOn(home, base));

        expect(await lm(world(), "outbox", "replay", "--service", "all", "--since", "72h")).toMatchObject({
          code: 0,
        });
        const after = await readBooks(world().platform.backends.adminUrl);
        const still = (rows: Readonly<Record<string, number>>) =>
          Object.fromEntries(
            Object.entries(rows).filter(([table]) => !MOVING.some((each) => each.test(table))),
          );
        await until("the consumers to have skipped what they have done", 60_000, async () =>
          (await lm(world(), "status")).code === 0 ? true : undefined,
        );
        expect(after.versions).toEqual(before.versions);
        expect(still((await readBooks(world().platform.backends.adminUrl)).rows)).toEqual({
          ...still(before.rows),
        });
        expect(after.ledgerErrors).toBe(0);
        expect((await lm(world(), "audit", "verify")).code).toBe(0);
        expect(await head(world())).toBe(headBefore);
        expect([...(await rowsWith(world().platform, ["After the backup"])).keys()]).toEqual([]);

        const back = await signIn(world().platform.addresses.gateway, staying.person, "dashboard");
        const hits = await back.get<Listed<{ title: string }>>("/tenant/v1/search?q=ryee");
        expect(hits.body.items.map(({ title }) => title).join()).toContain("rye");
        const passages = await back.post<{ chunks: { text: string }[] }>("/tenant/v1/knowledge/ask", {
          query: "how long does the rye dough rest",
        });
        expect(passages.body.chunks.map(({ text }) => text).join()).toContain("sixteen hours");
      },
      TEST_MS,
    );

    it("that was changed is refused, by its hash", async () => {
      await appendFile(join(folder, "postgres.tar"), "x");
      await expect(putBack(folder, join(folder, "elsewhere"))).rejects.toThrow("its hash is another one");
      await rm(join(folder, ".."), { recursive: true });
    });
  });
}

/** Where the staying tenant's audit chain ends. */
async function head(world: World): Promise<string> {
  const said = await lm(world, "audit", "verify", "--tenant", world.staying.tenant, "--json");
  const { chains } = JSON.parse(said.text) as { chains: { headHash: string }[] };
  return chains[0]?.headHash ?? "";
}
