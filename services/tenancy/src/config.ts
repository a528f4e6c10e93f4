import { baseConfig, loadConfig } from "@leadmetrics/kit";
import { z } from "zod";

export const config = loadConfig({
  ...baseConfig,
  MONGO_URL: z
    .url({ protocol: /^mongodb(\+srv)?$/ })
    .optional()
    .describe("where the audit trail is kept, with its database; this service's own Postgres when empty"),
});
