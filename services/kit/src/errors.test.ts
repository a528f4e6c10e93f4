import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { AppError, ERROR_KINDS, type ErrorKind, errors, kindOfCode } from "./errors.ts";
import { fromConnectError, outward, toConnectError } from "./rpc/interceptors/map-errors.ts";

const running = new AbortController().signal;

describe("the table of errors", () => {
  it("has one kind for each code, and a status for each kind", () => {
    const kinds = Object.keys(ERROR_KINDS) as ErrorKind[];
    expect(kinds.map((kind) => kindOfCode(ERROR_KINDS[kind].code))).toEqual(kinds);
    expect(kinds.every((kind) => ERROR_KINDS[kind].status >= 400)).toBe(true);
  });

  it("takes an error over the wire and back without loss", () => {
    const sent = new AppError("exhausted", "locked_out", "Too many tries.", {
      metadata: { state: "locked" },
      fields: [{ field: "items[2].name", description: "is empty" }],
      retryAfterMs: 1_500,
    });
    const { kind, reason, message, metadata, fields, retryAfterMs } = sent;
    expect(fromConnectError(toConnectError(sent))).toMatchObject({
      kind,
      reason,
      message,
      metadata,
      fields,
      retryAfterMs,
    });
  });
});

describe("what leaves a service", () => {
  it("tells nothing of what broke inside", () => {
    const { error, defect } = outward(new Error("password=hunter2"), running);
    expect([error.code, defect]).toEqual([Code.Internal, true]);
    expect(error.message).not.toContain("hunter2");
  });

  it("is never another service's own error", () => {
    const upstream = new ConnectError("relation plan does not exist", Code.NotFound);
    expect(outward(upstream, running).error.code).toBe(Code.Internal);
    const absent = outward(new ConnectError("ECONNREFUSED 10.0.0.7", Code.Unavailable), running);
    expect([absent.error.code, absent.defect]).toEqual([Code.Unavailable, false]);
    expect(absent.error.message).not.toContain("10.0.0.7");
  });

  it("is a time-out once the time is over, whatever was thrown then", () => {
    const over = AbortSignal.abort(new Error("late"));
    expect(outward(new Error("query cancelled"), over).error.code).toBe(Code.DeadlineExceeded);
    expect(outward(errors.notFound("plan"), over).error.code).toBe(Code.NotFound);
  });
});
