import { baseConfig, loadConfig, privateAllowance } from "@leadmetrics/kit";
import { z } from "zod";

const loaded = loadConfig({
  ...baseConfig,
  SSRF_ALLOW: z
    .string()
    .optional()
    .describe("host:port that channels may have though it is private; development only"),
});

export const config = {
  ...loaded,
  allowPrivate: privateAllowance(loaded.SSRF_ALLOW, loaded.NODE_ENV === "production"),
};
