import { baseConfig, loadConfig } from "@leadmetrics/kit";
import { z } from "zod";

const { NODE_ENV, LOG_LEVEL, DRAIN_MS, HOST, ADMIN_PORT, NATS_URL, SERVICE_SECRET } = baseConfig;
const {
  IDENTITY_URL,
  TENANCY_URL,
  CONTENT_URL,
  AGENTS_URL,
  BILLING_URL,
  NOTIFICATIONS_URL,
  RAG_URL,
  SEARCH_URL,
} = baseConfig;

export const gatewayShape = {
  NODE_ENV,
  LOG_LEVEL,
  DRAIN_MS,
  HOST,
  ADMIN_PORT,
  NATS_URL,
  SERVICE_SECRET,
  IDENTITY_URL,
  TENANCY_URL,
  CONTENT_URL,
  AGENTS_URL,
  BILLING_URL,
  NOTIFICATIONS_URL,
  RAG_URL,
  SEARCH_URL,
  PORT: z.coerce.number().int().min(0).max(65_535).default(3003),
  /** Proxies whose X-Forwarded-For is believed: addresses or ranges, comma-separated. */
  TRUSTED_PROXIES: z.string().default("127.0.0.1,::1"),
  /** Multiplies every rate limit, for load tests; 1 in production. */
  RATE_LIMIT_SCALE: z.coerce.number().positive().default(1),
} as const;

export type GatewayConfig = z.output<z.ZodObject<typeof gatewayShape>>;

/** @throws ConfigError that names each wrong variable */
export function gatewayConfig(
  env: Record<string, string | undefined> = process.env,
): Readonly<GatewayConfig> {
  const config = loadConfig(gatewayShape, env);
  if (config.NODE_ENV === "production" && config.RATE_LIMIT_SCALE !== 1) {
    throw new Error("RATE_LIMIT_SCALE is for load tests and must not be set in production");
  }
  return config;
}
