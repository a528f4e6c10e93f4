import { context, trace } from "@opentelemetry/api";
import pino, { type DestinationStream, type Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

/** Keys whose value is never written, wherever they stand in a logged object. */
const SENSITIVE =
  /^(authorization|cookie|set-cookie|.*password.*|.*secret.*|.*_?token|api_?key|apikey|credentials?|private_?key|encryption_keys?|service_secret|.*_url)$/i;
/** Not secrets, though they sound like it. */
const HARMLESS = /^(page_?token|next_?page_?token|.*tokens|url|base_?url|request_?url|identity_?url)$/i;
const HIDDEN = "[hidden]";
const DEEPEST = 6;

const secrets = new Set<string>();

/**
 * Registers a secret: from now on no log line of this process shows it, in whatever text it turns up.
 * Values under six characters are ignored; hiding "a" would hide everything.
 *
 * @returns the value itself
 */
export function redact<T extends string>(value: T): T {
  if (value.length >= 6) secrets.add(value);
  return value;
}

/** The text without registered secrets. */
export function withoutSecrets(text: string): string {
  let clean = text;
  for (const secret of secrets) {
    if (clean.includes(secret)) clean = clean.replaceAll(secret, HIDDEN);
    const escaped = JSON.stringify(secret).slice(1, -1);
    if (escaped !== secret && clean.includes(escaped)) clean = clean.replaceAll(escaped, HIDDEN);
  }
  return clean;
}

function scrub(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== "object" || depth > DEEPEST) return value;
  if (value instanceof Error || value instanceof Date || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item) => scrub(item, depth + 1));
  const clean: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    clean[key] =
      SENSITIVE.test(key) && !HARMLESS.test(key) && item !== undefined ? HIDDEN : scrub(item, depth + 1);
  }
  return clean;
}

export interface LogOptions {
  readonly service: string;
  readonly level?: string;
  /** Human-readable lines instead of JSON. */
  readonly pretty?: boolean;
  /** Where lines go; standard output when left out. */
  readonly destination?: DestinationStream;
}

/** A logger that adds service and trace, and hides sensitive keys and registered secrets. */
export function createLogger(options: LogOptions): Logger {
  const target =
    options.destination ?? (options.pretty ? prettyOutput() : pino.destination({ fd: 1, sync: false }));
  return pino(
    {
      level: options.level ?? "info",
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (object) => scrub(object) as Record<string, unknown>,
      },
      serializers: { err: pino.stdSerializers.errWithCause },
      mixin() {
        const span = trace.getSpanContext(context.active());
        return span ? { traceId: span.traceId, spanId: span.spanId } : {};
      },
    },
    { write: (line: string) => target.write(withoutSecrets(line)) },
  );
}

let root: Logger | undefined;

/** Makes a logger the one for code that was handed none. */
export function setRootLogger(log: Logger): void {
  root = log;
}

export function rootLogger(): Logger {
  root ??= createLogger({
    service: process.env.LM_SERVICE ?? "kit",
    level: process.env.LOG_LEVEL ?? (process.env.VITEST ? "warn" : "info"),
  });
  return root;
}

/** One line a message: time, level, service, text, and what else was said. For people at a terminal. */
function prettyOutput(): DestinationStream {
  return {
    write(line) {
      const {
        time,
        level,
        service,
        msg,
        err,
        pid: _pid,
        hostname: _hostname,
        ...rest
      } = JSON.parse(line) as Record<string, unknown>;
      const clock = String(time).slice(11, 23);
      const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : "";
      const problem = err && typeof err === "object" ? `\n${String(Reflect.get(err, "stack"))}` : "";
      process.stdout.write(
        `${clock} ${String(level).toUpperCase().padEnd(5)} ${service}: ${msg}${details}${problem}\n`,
      );
    },
  };
}
