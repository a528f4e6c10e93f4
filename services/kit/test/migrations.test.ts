import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assertSchemaVersion, migrateService } from "../src/db/migrate.ts";
import { newId } from "../src/ids.ts";
import { type ServiceTest, startServiceTest } from "../src/testing/index.ts";
import { migrations, type NotesDb } from "./fixture.ts";

let t: ServiceTest<NotesDb>;
let folder: string;
beforeAll(async () => {
  t = await startServiceTest<NotesDb>({ service: "notes", migrations });
  folder = await mkdtemp(join(tmpdir(), "lm-migrations-"));
  await copyFile(fileURLToPath(new URL("0001_note.sql", migrations)), join(folder, "0001_note.sql"));
  await t.db.withTenant(t.ctx.tenant(), (tx) =>
    tx.insertInto("note").values({ id: newId(), tenant_id: t.tenantA, text: "was there before" }).execute(),
  );
});
afterAll(async () => {
  await t?.close();
  await rm(folder, { recursive: true, force: true });
});

const add = (name: string, text: string) => writeFile(join(folder, name), text);
const migrate = () => migrateService({ ownerUrl: t.urls.owner, migrations: pathToFileURL(`${folder}/`) });
const COPY = "create table copied as select text from note;";

it("a copy of tenants' rows that the policies would hide is an error, not an empty copy", async () => {
  await add("0002_copied.sql", COPY);
  await expect(migrate()).rejects.toThrow(/0002_copied failed:.*row-level security/);
});

it("it copies them once it lifts the policies from the owner for that long", async () => {
  await add(
    "0002_copied.sql",
    `alter table note no force row level security; ${COPY} alter table note force row level security;
     do $$ begin execute format('grant select on copied to %I', kit.role('app')); end $$;`,
  );
  expect(await migrate()).toEqual(["0002_copied"]);
  const rows = await t.db.global((tx) =>
    tx
      .selectFrom("copied" as "note")
      .select("text")
      .execute(),
  );
  expect(rows).toEqual([{ text: "was there before" }]);
});

it("a build whose migrations the database lacks doesn't start, and says which", async () => {
  await add("0003_later.sql", "select 1;");
  const start = () =>
    assertSchemaVersion({
      service: "notes",
      url: t.urls.app,
      migrations: pathToFileURL(`${folder}/`),
    });
  await expect(start()).rejects.toThrow(/this build needs 0003_later too/);
  await migrate();
  await start();
});
