import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diskSentence } from "./choice.ts";
import { mirrorOfDeb822, mirrorOfOneLine } from "./debian.ts";
import { atLeast, findNats } from "./find-nats.ts";
import { startNats } from "./nats.ts";
import { archiveName, checksumOf } from "./nats-release.ts";
import { startPostgres } from "./postgres.ts";

describe("choosing a NATS server", () => {
  it("takes only versions that keep streams over a crash", () => {
    expect(atLeast("2.10.23", "2.10.23")).toBe(true);
    expect(atLeast("2.9.10", "2.10.23")).toBe(false);
    expect(atLeast("2.14.0", "2.10.23")).toBe(true);
    expect(atLeast("no version", "2.10.23")).toBe(false);
  });

  it("says what was tried and what to do when NATS_SERVER is wrong", async () => {
    const wrong = findNats("/nonexistent", { NATS_SERVER: "/nonexistent/nats-server" });
    await expect(wrong).rejects.toThrow(
      /^NATS_SERVER names \/nonexistent\/nats-server, which does not run: .*Correct it or unset it\.$/,
    );
  });

  it("reads the machine's Debian mirror, never its security or foreign archives", () => {
    const sources = `Types: deb
# a snapshot
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
`;
    expect(mirrorOfDeb822(sources)).toBe("http://mirror.example/debian");
    expect(
      mirrorOfDeb822("Types: deb\nURIs: http://other.example\nSuites: nodistro\nComponents: main\n"),
    ).toBeUndefined();
    const oneLine =
      "deb http://x.example cloud-sdk-bookworm main\ndeb [arch=amd64] http://m.example/debian trixie main\n";
    expect(mirrorOfOneLine(oneLine)).toBe("http://m.example/debian");
    expect(mirrorOfOneLine("# deb http://m.example/debian trixie main")).toBeUndefined();
  });

  it("checks a release against the sums it came with", () => {
    const sum = "a".repeat(64);
    expect(checksumOf(`${sum}  one.tar.gz\n${"b".repeat(64)} *two.tar.gz\n`, "one.tar.gz")).toBe(sum);
    expect(checksumOf(`${sum}  one.tar.gz\n`, "three.tar.gz")).toBeUndefined();
    expect(archiveName("linux", "x64")).toMatch(/^nats-server-v[\d.]+-linux-amd64$/);
    expect(archiveName("linux", "s390x")).toBeUndefined();
  });
});

describe("disk trouble", () => {
  it("becomes one sentence with what to do", () => {
    expect(diskSentence("write: No space left on device", "/data")).toMatch(
      /^The disk that holds \/data is full: free/,
    );
    expect(diskSentence("EROFS: read-only file system", "/data")).toMatch(/read-only/);
    expect(diskSentence("something else", "/data")).toBeUndefined();
  });
});

describe("real servers", () => {
  let dir = "";
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "lm-backends-test-"));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it("Postgres keeps its data and its password over a restart, and a temporary one leaves nothing", {
    timeout: 60_000,
  }, async () => {
    const dataDir = join(dir, "postgres");
    const first = await startPostgres({ dataDir, durable: false });
    const client = new pg.Client({ connectionString: first.adminUrl });
    await client.connect();
    await client.query("create table kept as select 1 as one");
    await client.end();
    await first.stop();
    const second = await startPostgres({ dataDir, durable: false });
    expect(second.adminUrl.replace(/:\d+\//, "/")).toBe(first.adminUrl.replace(/:\d+\//, "/"));
    const again = new pg.Client({ connectionString: second.adminUrl });
    await again.connect();
    expect((await again.query("select one from kept")).rows).toEqual([{ one: 1 }]);
    await again.end();
    await second.stop();

    const temporary = await startPostgres({ durable: false });
    await temporary.stop();
    await expect(stat(temporary.dataDir)).rejects.toThrow("ENOENT");
  });

  it("Postgres names the port that is taken and the flag that helps", { timeout: 60_000 }, async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    await expect(startPostgres({ dataDir: join(dir, "postgres"), port })).rejects.toThrow(
      `Port ${port}, wanted for Postgres, is taken: stop what uses it or choose other ports (--port-base).`,
    );
    server.close();
  });

  it("NATS has JetStream on, survives SIGKILL with its store, and says why it was chosen", {
    timeout: 180_000,
  }, async () => {
    const storeDir = join(dir, "nats");
    const first = await startNats({ storeDir, sync: "always" });
    expect(first.choice.why).not.toBe("");
    expect(await readFile(join(storeDir, "nats.conf"), "utf8")).toContain("sync_interval: always");
    first.kill("SIGKILL");
    await first.ended;
    const second = await startNats({ storeDir, port: first.port, sync: "always" });
    expect(second.url).toBe(first.url);
    await second.stop();
  });
});
