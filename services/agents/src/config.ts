import { baseConfig, loadConfig } from "@leadmetrics/kit";
import { z } from "zod";
import { ADAPTERS } from "./adapters/port.ts";
import { WORK_GROUPS } from "./runs/rules.ts";

const apiUrl = z.url({ protocol: /^https?$/ }).optional();
const slots = (otherwise: number) => z.coerce.number().int().min(1).max(200).default(otherwise);

export const config = loadConfig({
  ...baseConfig,
  LLM_ADAPTER: z
    .enum(ADAPTERS)
    .optional()
    .describe(
      "what tenants without a setting of their own use; by default the one that has a key, else offline",
    ),
  LLM_MODEL: z.string().max(100).optional().describe("the adapter's own default when empty"),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: apiUrl,
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: apiUrl,
  OFFLINE_PACE_MS: z.coerce.number().int().min(0).max(1_000).default(15).describe("pause between two chunks"),
  WORKER_GROUPS: z
    .string()
    .default(WORK_GROUPS.join(","))
    .transform((text) => (text === "none" ? [] : text.split(",")))
    .pipe(z.array(z.enum(WORK_GROUPS)))
    .describe("which runs this process works on: groups with commas between, or none"),
  WORKER_SLOTS_LLM: slots(16).describe("runs at once"),
  WORKER_SLOTS_UTIL: slots(16).describe("runs at once"),
});

export type AgentsConfig = typeof config;
