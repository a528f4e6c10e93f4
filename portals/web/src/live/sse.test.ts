import { describe, expect, it } from "vitest";
import { backoffMs, SseParser } from "./sse.ts";

describe("server-sent events", () => {
  it("come out whole however the bytes are cut", () => {
    const wire = 'id: 7\r\nevent: run.text\r\ndata: {"a":\r\ndata: 1}\r\n\r\n: ping\n\ndata: x\n\n';
    for (let size = 1; size < wire.length; size++) {
      const parser = new SseParser();
      const events = [];
      for (let at = 0; at < wire.length; at += size) events.push(...parser.push(wire.slice(at, at + size)));
      expect(events).toEqual([
        { id: "7", type: "run.text", data: '{"a":\n1}' },
        { id: "7", type: "message", data: "x" },
      ]);
    }
  });
  it("keep the id to resume from and the delay the server asks for", () => {
    const parser = new SseParser();
    parser.push("retry: 2500\nid: 9\n\n");
    expect([parser.lastId, parser.retryMs]).toEqual(["9", 2500]);
  });
  it("are asked for again later and later, never beyond 30 s", () => {
    expect(backoffMs(1, 1)).toBe(1000);
    expect(backoffMs(3, 0)).toBe(2000);
    expect(backoffMs(50, 1)).toBe(30_000);
  });
});
