export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly text: string;
}

/** Lines of tools that mean nothing to the person at the terminal. */
const NOISE = [
  /ExperimentalWarning/,
  /Use `node --trace-warnings/,
  /^\s*at /,
  /^\s*▲ Next\.js/,
  /^\s*- (Local|Network):/,
  /✓ (Starting|Ready|Compiled)/,
];

/** The kit's log for people: time, level, service, text, details. */
const PRETTY = /^\d{2}:\d{2}:\d{2}\.\d{3} ([A-Z]+)\s+[\w-]+: (.*)$/;

/**
 * What of a child's output a person should see while the platform runs: warnings and errors of our JSON log, and plain
 * text that reads like trouble. Undefined for the rest, which stays in the log file.
 */
export function readLine(line: string): LogLine | undefined {
  if (line.startsWith("{")) return fromJson(line);
  const pretty = PRETTY.exec(line);
  if (pretty) return fromPretty(pretty[1] ?? "", pretty[2] ?? "");
  if (NOISE.some((noise) => noise.test(line))) return undefined;
  if (/\b(error|fatal|unhandled|uncaught|exception|⨯)/i.test(line))
    return { level: "error", text: line.trim() };
  if (/\bwarn(ing)?\b/i.test(line)) return { level: "warn", text: line.trim() };
  return undefined;
}

function fromPretty(level: string, text: string): LogLine | undefined {
  if (level === "WARN") return { level: "warn", text };
  return level === "ERROR" || level === "FATAL" ? { level: "error", text } : undefined;
}

function fromJson(line: string): LogLine | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return { level: "warn", text: line };
  }
  if (typeof entry !== "object" || entry === null || !("level" in entry)) return undefined;
  const level = String(entry.level);
  if (level !== "warn" && level !== "error" && level !== "fatal") return undefined;
  const message = "msg" in entry ? String(entry.msg) : "";
  const reason = "err" in entry ? errorText(entry.err) : "";
  const text = [message, reason && reason !== message ? reason : ""].filter(Boolean).join(": ");
  return { level: level === "warn" ? "warn" : "error", text: text || line };
}

function errorText(err: unknown): string {
  if (typeof err === "object" && err !== null && "message" in err) return String(err.message);
  return typeof err === "string" ? err : "";
}
