import { baseConfig, loadConfig } from "@leadmetrics/kit";
import { z } from "zod";

export const config = loadConfig({
  ...baseConfig,
  MONGO_URL: z
    .url({ protocol: /^mongodb(\+srv)?$/ })
    .optional()
    .describe("where the audit trail is kept, with its database; this service's own Postgres when empty"),
  MONGO_ERASE_URL: z
    .url({ protocol: /^mongodb(\+srv)?$/ })
    .optional()
    .describe("with MONGO_URL: an account that may remove entries, for tenants that are erased"),
  DELETION_GRACE_HOURS: z.coerce
    .number()
    .min(0)
    .max(8_760)
    .default(720)
    .describe("hours between the request to delete a tenant and its erasing; 30 days by default"),
  DELETION_QUIET_SECONDS: z.coerce
    .number()
    .min(0)
    .max(86_400)
    .default(60)
    .describe("seconds every store has to stay empty before a deletion counts as proven"),
  EXPORT_KEPT_HOURS: z.coerce
    .number()
    .min(0.001)
    .max(720)
    .default(24)
    .describe("hours an export can be downloaded"),
});
