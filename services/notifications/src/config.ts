import { baseConfig, loadConfig } from "@leadmetrics/kit";
import { z } from "zod";

export const config = loadConfig({
  ...baseConfig,
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).describe("smtp://user:password@host:port"),
  MAIL_FROM: z.string().default("Leadmetrics <no-reply@leadmetrics.example>"),
  ALLOWED_EMAIL_DOMAINS: z.string().default("").describe("comma-separated; empty allows all"),
  DASHBOARD_ORIGIN: z.url(),
  DM_ORIGIN: z.url(),
  MANAGE_ORIGIN: z.url(),
});
