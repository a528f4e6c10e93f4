import { createLogger, openDatabase, secretBox } from "@leadmetrics/kit";
import { z } from "zod";
import type { ContentDb } from "../src/db.ts";
import { publishDue } from "../src/publications/publisher.ts";

/** A publisher of its own, which a test lets die where `FAILPOINT` says. */
const given = z
  .object({
    URLS: z
      .string()
      .transform((text) =>
        z
          .object({ owner: z.string(), app: z.string(), system: z.string(), platform: z.string() })
          .parse(JSON.parse(text)),
      ),
    KEYS: z.string(),
    SITES: z.string(),
  })
  .parse(process.env);

const db = openDatabase<ContentDb>({
  service: "content",
  urls: given.URLS,
  log: createLogger({ service: "content", level: "fatal" }),
});
const deps = { db, box: secretBox(given.KEYS), allowPrivate: given.SITES.split(",") };
await publishDue(deps, new AbortController().signal);
await db.close();
