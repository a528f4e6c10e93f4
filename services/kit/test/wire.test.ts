import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { fromBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createTransport } from "@connectrpc/connect/protocol-connect";
import { ChangeSubscriptionRequestSchema, SubscriptionsService } from "@leadmetrics/proto/billing/v1/credits";
import { afterEach, expect, it } from "vitest";
import { wireClient } from "../src/rpc/wire.ts";

const ANSWER_BYTES = 100;
const SOON_MS = 150;
const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A client of what does with each connection as it is told. */
async function clientOf(serve: (socket: Socket) => void) {
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket);
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const transport = createTransport({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    httpClient: wireClient(),
    useBinaryFormat: true,
    interceptors: [],
    acceptCompression: [],
    sendCompression: null,
    compressMinBytes: 1_024,
    readMaxBytes: 1_024,
    writeMaxBytes: 1_024,
  });
  return createClient(SubscriptionsService, transport);
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable("it was answered"),
    (error: unknown) => ConnectError.from(error),
  );

const HEAD = `HTTP/1.1 200 OK\r\ncontent-type: application/proto\r\ncontent-length: ${ANSWER_BYTES}\r\n\r\n`;

it("writes the head and the body of a call in one piece", async () => {
  const pieces: string[] = [];
  const client = await clientOf((socket) =>
    socket.on("data", (piece) => {
      pieces.push(piece.toString("latin1"));
      socket.end("HTTP/1.1 200 OK\r\ncontent-type: application/proto\r\ncontent-length: 0\r\n\r\n");
    }),
  );
  await client.changeSubscription({ planCode: "pro" });
  expect(pieces).toHaveLength(1);
  const [head = "", body = ""] = (pieces[0] ?? "").split("\r\n\r\n");
  expect(head).toMatch(/^content-length: 5$/im);
  expect(fromBinary(ChangeSubscriptionRequestSchema, Buffer.from(body, "latin1")).planCode).toBe("pro");
});

it("says Unavailable when nobody listens, and when the other side goes in the middle of its answer", async () => {
  const client = await clientOf((socket) =>
    socket.once("data", () => {
      socket.write(`${HEAD}only the beginning`);
      setTimeout(() => socket.destroy(), SOON_MS);
    }),
  );
  const half = await refusal(client.listOfferings({}));
  expect([half.code, half.rawMessage]).toEqual([Code.Unavailable, "the connection broke off"]);
  for (const server of servers) server.close();
  for (const socket of sockets) socket.destroy();
  const nobody = await refusal(client.listOfferings({}));
  expect([nobody.code, nobody.rawMessage]).toEqual([Code.Unavailable, "the connection broke off"]);
});

it("ends a call whose time is over, before an answer and within one, and gives its connection back", async () => {
  let closed = 0;
  const silent = await clientOf((socket) => socket.resume().on("close", () => closed++));
  expect((await refusal(silent.listOfferings({}, { timeoutMs: SOON_MS }))).code).toBe(Code.DeadlineExceeded);
  await expect.poll(() => closed).toBe(1);
  const slow = await clientOf((socket) => socket.once("data", () => socket.write(`${HEAD}the beginning`)));
  expect((await refusal(slow.listOfferings({}, { timeoutMs: SOON_MS }))).code).toBe(Code.DeadlineExceeded);
});

it("ends a call its caller gave up, before it is sent and while it waits", async () => {
  let asked = 0;
  const client = await clientOf((socket) => socket.on("data", () => asked++));
  const over = await refusal(client.listOfferings({}, { signal: AbortSignal.abort() }));
  expect([over.code, asked]).toEqual([Code.Canceled, 0]);
  const leaving = new AbortController();
  const waiting = refusal(client.listOfferings({}, { signal: leaving.signal }));
  await expect.poll(() => asked).toBe(1);
  leaving.abort();
  expect((await waiting).code).toBe(Code.Canceled);
});
