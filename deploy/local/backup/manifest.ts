import { z } from "zod";

/** The file that says what a backup is. */
export const MANIFEST = "backup.json";
/** The database server's data directory, as one archive. */
export const POSTGRES_ARCHIVE = "postgres.tar";
/** What Postgres has to find beside its data to recover: written by the server when the backup ended. */
export const POSTGRES_LABEL = "backup_label";
/** Folders of files that are written once and never changed. */
export const FOLDERS = ["files", "vectors"] as const;
/** The generated secrets: without the encryption keys, sealed values stay sealed. */
export const SECRETS = "secrets.json";

export const manifest = z.object({
  version: z.literal(1),
  takenOn: z.iso.datetime(),
  /** Ports of the platform it was taken of. */
  base: z.number(),
  postgres: z.object({ version: z.string(), start: z.string(), stop: z.string(), sha256: z.string() }),
});
export type Manifest = z.output<typeof manifest>;
