import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardedFetch, isPublicAddress, privateAllowance } from "./ssrf.ts";

let site: Server;
let inside: Server;
let address: string;
let insideAddress: string;
let reached = 0;
let seenAuthorization: string | undefined;

beforeAll(async () => {
  inside = createServer((request, response) => {
    reached += 1;
    seenAuthorization = request.headers.authorization;
    response.end("metadata");
  });
  site = createServer((request, response) => {
    if (request.url === "/inside")
      return response.writeHead(302, { location: `http://${insideAddress}/` }).end();
    if (request.url === "/circle") return response.writeHead(302, { location: "/circle" }).end();
    if (request.url === "/large") return response.end(Buffer.alloc(300_000));
    if (request.url === "/slow") return;
    response.end("hello");
  });
  address = await listen(site);
  insideAddress = await listen(inside);
});
afterAll(() => {
  for (const server of [site, inside]) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("an address", () => {
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "not an address",
  ])("%s is nobody's public site", (text) => expect(isPublicAddress(text)).toBe(false));

  it.each(["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])("%s is public", (text) =>
    expect(isPublicAddress(text)).toBe(true),
  );
});

describe("a URL somebody typed in", () => {
  it.each([
    ["an address inside", () => `http://${insideAddress}/`],
    ["a name for an address inside", () => `http://localhost:${insideAddress.split(":")[1]}/`],
    ["a number for an address inside", () => `http://2130706433:${insideAddress.split(":")[1]}/`],
    ["IPv6 for an address inside", () => `http://[::ffff:127.0.0.1]:${insideAddress.split(":")[1]}/`],
    ["the cloud's metadata", () => "http://169.254.169.254/latest/meta-data"],
  ])("does not reach %s", async (_what, url) => {
    const before = reached;
    await expect(guardedFetch(url(), {}, { timeoutMs: 3_000 })).rejects.toMatchObject({
      reason: "private_address",
    });
    expect(reached).toBe(before);
  });

  it.each([
    "ftp://example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "hello",
    "https://user:pw@example.com/",
  ])("is refused when it is %s", async (url) => {
    await expect(guardedFetch(url)).rejects.toMatchObject({ reason: "invalid_url" });
  });

  it("reaches a private site that is allowed by name, but not another one through its redirect", async () => {
    const allowPrivate = [address];
    expect((await guardedFetch(`http://${address}/`, {}, { allowPrivate })).text).toBe("hello");
    const before = reached;
    await expect(guardedFetch(`http://${address}/inside`, {}, { allowPrivate })).rejects.toMatchObject({
      reason: "private_address",
    });
    expect(reached).toBe(before);
  });

  it("doesn't take credentials along to another origin", async () => {
    const allowPrivate = [address, insideAddress];
    const answer = await guardedFetch(
      `http://${address}/inside`,
      { headers: { authorization: "Basic c2VjcmV0" } },
      { allowPrivate },
    );
    expect([answer.text, seenAuthorization]).toEqual(["metadata", undefined]);
  });

  it("is given up when it redirects in circles, answers too much or not at all", async () => {
    const fetchPath = (path: string) =>
      guardedFetch(
        `http://${address}${path}`,
        {},
        { allowPrivate: [address], maxBytes: 100_000, timeoutMs: 300 },
      );
    await expect(fetchPath("/circle")).rejects.toMatchObject({ reason: "too_many_redirects" });
    await expect(fetchPath("/large")).rejects.toMatchObject({ reason: "answer_too_large" });
    await expect(fetchPath("/slow")).rejects.toMatchObject({ reason: "unreachable", kind: "timeout" });
  });
});

it("nothing private may be allowed in production", () => {
  expect(privateAllowance("127.0.0.1:4195, 127.0.0.1:4196", false)).toEqual([
    "127.0.0.1:4195",
    "127.0.0.1:4196",
  ]);
  expect(() => privateAllowance("127.0.0.1:4195", true)).toThrow("production");
});
