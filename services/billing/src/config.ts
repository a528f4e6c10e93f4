import { baseConfig, loadConfig } from "@leadmetrics/kit";
import { z } from "zod";

export const config = loadConfig({
  ...baseConfig,
  DEFAULT_PLAN: z.string().default("free").describe("code of the plan that new tenants start with"),
});
