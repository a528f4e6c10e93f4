import { z } from "zod";
import { redact } from "./log.ts";

/** A port; 0 lets the system choose. */
const port = z.coerce.number().int().min(0).max(65_535);
const url = (protocol: RegExp) => z.url({ protocol, error: "must be a URL like the one in the README" });

/** What every service is told by its environment. A service adds its own in its config.ts. */
export const baseConfig = {
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
  DATABASE_URL: url(/^postgres(ql)?$/).describe("role <service>_app"),
  DATABASE_SYSTEM_URL: url(/^postgres(ql)?$/).describe(
    "role <service>_system, not through a transaction pooler",
  ),
  DATABASE_PLATFORM_URL: url(/^postgres(ql)?$/).describe("role <service>_platform"),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(100).default(10),
  NATS_URL: z.string().min(1),
  RPC_PORT: port,
  GRPC_PORT: port,
  ADMIN_PORT: port,
  DRAIN_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(30_000)
    .optional()
    .describe("ms from not ready to the end of new work; 5000 in production"),
  /** Where all ports listen. */
  HOST: z.string().default("127.0.0.1"),
  /** This service's client secret at identity. */
  SERVICE_SECRET: z.string().min(16),
  /** `kid:base64 of 32 bytes`, comma-separated; the first encrypts, all decrypt. */
  ENCRYPTION_KEYS: z.string().min(1),
  IDENTITY_URL: url(/^https?$/),
  TENANCY_URL: url(/^https?$/),
  CONTENT_URL: url(/^https?$/),
  AGENTS_URL: url(/^https?$/),
  BILLING_URL: url(/^https?$/),
  NOTIFICATIONS_URL: url(/^https?$/),
  RAG_URL: url(/^https?$/),
  SEARCH_URL: url(/^https?$/),
} as const;

export type BaseConfig = z.output<z.ZodObject<typeof baseConfig>>;

/** Marks every secret that is made for development; production refuses whatever contains it. */
export const DEVELOPMENT_MARK = "development-only";

const SECRET_NAMES = /(SECRET|PASSWORD|KEYS?|TOKEN)S?$/;

/** Thrown with one line for each variable that is missing or wrong. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the environment once, frozen. Secrets are registered with the log's redaction on the way.
 *
 * @throws ConfigError with a line for each problem: which variable, what is wrong, what it is for
 */
export function loadConfig<S extends z.ZodRawShape>(
  shape: S,
  env: Record<string, string | undefined> = process.env,
): Readonly<z.output<z.ZodObject<S>>> {
  const parsed = z.object(shape).safeParse(given(Object.keys(shape), env));
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = issue.path.join(".");
      const variable: unknown = shape[name];
      const meant = variable instanceof z.ZodType ? variable.description : undefined;
      const problem = env[name] ? issue.message : "is not set";
      return `  ${name}: ${problem}${meant ? ` (${meant})` : ""}`;
    });
    throw new ConfigError(`The configuration can't be used:\n${lines.join("\n")}`);
  }
  for (const [name, value] of Object.entries(parsed.data)) {
    if (typeof value !== "string" || !SECRET_NAMES.test(name)) continue;
    for (const part of value.split(",")) redact(part.split(":").at(-1) ?? part);
    if (env.NODE_ENV === "production" && value.includes(DEVELOPMENT_MARK)) {
      throw new ConfigError(`${name} is a development secret. Production needs one of its own.`);
    }
  }
  return Object.freeze(parsed.data);
}

/** Asks for the declared variables alone. An empty one isn't set: charts and shells can't leave it out. */
function given(
  names: readonly string[],
  env: Record<string, string | undefined>,
): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, env[name] || undefined]));
}
