import { baseConfig, loadConfig } from "@leadmetrics/kit";
import { z } from "zod";
import { passkeySites } from "./passkeys/sites.ts";
import { bootstrapUsers } from "./users/bootstrap.ts";

export const config = loadConfig({
  ...baseConfig,
  SERVICE_SECRETS: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(z.record(z.string(), z.string().min(16)))
    .describe("JSON: service → its client secret"),
  BOOTSTRAP_USERS: bootstrapUsers,
  PASSKEY_SITES: passkeySites,
});
