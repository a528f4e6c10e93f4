import { baseConfig } from "@leadmetrics/kit";
import { z } from "zod";

/** Beside what every service is told. Without a Typesense the service's own database does the searching. */
export const searchConfig = {
  ...baseConfig,
  TYPESENSE_URL: z.url().optional(),
  TYPESENSE_API_KEY: z.string().optional().describe("may create collections, write documents and make keys"),
} as const;

export type SearchConfig = Readonly<z.output<z.ZodObject<typeof searchConfig>>>;
