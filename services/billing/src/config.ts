import { baseConfig, loadConfig } from "@leadmetrics/kit";
import { z } from "zod";

export const config = loadConfig({
  ...baseConfig,
  RAZORPAY_KEY_ID: z.string().optional().describe("payments are made by hand without it"),
  RAZORPAY_KEY_SECRET: z.string().optional(),
  RAZORPAY_WEBHOOK_SECRET: z
    .string()
    .default("")
    .describe("after a change: the new and the old one, with a comma"),
  RAZORPAY_BASE_URL: z.url({ protocol: /^https?$/ }).default("https://api.razorpay.com/v1"),
  DEFAULT_PLAN: z.string().default("free").describe("code of the plan that new tenants start with"),
});
