import { describe, expect, it } from "vitest";
import { createLogger, redact } from "./log.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(
    createLogger({ service: "test", level: "debug", destination: { write: (line) => lines.push(line) } }),
  );
  return lines.join("");
}

describe("a log line", () => {
  it("says when, how bad, who and what, as JSON", () => {
    expect(JSON.parse(logged((log) => log.info({ planRef: "P" }, "approved")))).toMatchObject({
      level: "info",
      service: "test",
      planRef: "P",
      msg: "approved",
    });
  });

  it("hides what sounds like a secret, at any depth, but not what only sounds like one", () => {
    const line = logged((log) =>
      log.info({
        channel: { applicationPassword: "abcd", headers: [{ authorization: "Bearer x" }] },
        maxTokens: 900,
      }),
    );
    expect(line).not.toMatch(/abcd|Bearer/);
    expect(line).toContain("900");
  });

  it("hides a registered secret in whatever it turns up, an error's text included", () => {
    redact('a "quoted" secret');
    const line = logged((log) => log.error({ err: new Error('refused: a "quoted" secret') }, "failed"));
    expect(line).not.toContain("quoted");
    expect(line).toContain("[hidden]");
  });
});
