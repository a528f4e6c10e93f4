import { expect, it } from "vitest";
import { readLine } from "./log-lines.ts";

it("shows warnings and errors of the services' log, in both of its forms", () => {
  expect(readLine('03:30:54.674 WARN  rag: slow query {"ms":900}')).toEqual({
    level: "warn",
    text: 'slow query {"ms":900}',
  });
  expect(readLine('{"level":"error","msg":"publishing failed","err":{"message":"timeout"}}')).toEqual({
    level: "error",
    text: "publishing failed: timeout",
  });
});

it("leaves the rest in the log file, whatever words it uses", () => {
  expect(readLine("03:30:54.674 INFO  rag: no error yet {}")).toBeUndefined();
  expect(readLine('{"level":"info","msg":"ready"}')).toBeUndefined();
  expect(readLine("   ▲ Next.js 16")).toBeUndefined();
  expect(readLine("    at file:///x.ts:1:1 error")).toBeUndefined();
});

it("shows plain text that reads like trouble", () => {
  expect(readLine("Error: Cannot find module 'x'")).toEqual({
    level: "error",
    text: "Error: Cannot find module 'x'",
  });
  expect(readLine("FATAL ERROR: Reached heap limit")?.level).toBe("error");
});
