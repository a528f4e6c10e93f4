import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { applyStreams } from "@leadmetrics/kit/apply-streams";
import { migrateService } from "@leadmetrics/kit/db/migrate";
import { provisionServiceDatabase } from "@leadmetrics/kit/db/provision";
import { connectNats } from "@leadmetrics/kit/nats";
import { ROOT } from "./place.ts";
import type { SecretsFile } from "./secrets-file.ts";
import type { ServiceName } from "./system.ts";

export type DatabaseUrls = Awaited<ReturnType<typeof provisionServiceDatabase>>;

/** Creates databases and roles and brings every schema up to date. */
export async function prepareDatabases(
  adminUrl: string,
  services: readonly ServiceName[],
  secrets: SecretsFile,
  log: (line: string) => void,
): Promise<Map<ServiceName, DatabaseUrls>> {
  const urls = new Map<ServiceName, DatabaseUrls>();
  await Promise.all(
    services.map(async (service) => {
      const password = (role: string) => secrets.secret(`database.${service}.${role}`);
      const roles = {
        owner: password("owner"),
        app: password("app"),
        system: password("system"),
        platform: password("platform"),
      };
      const made = await provisionServiceDatabase(adminUrl, service, roles);
      urls.set(service, made);
      const folder = join(ROOT, "services", service, "migrations");
      if (!existsSync(folder)) return;
      const applied = await migrateService({ ownerUrl: made.owner, migrations: pathToFileURL(`${folder}/`) });
      if (applied.length > 0) log(`${service}: ${applied.length} migrations, now at ${applied.at(-1)}`);
    }),
  );
  return urls;
}

/** Declares every stream and bucket on the broker. */
export async function prepareStreams(natsUrl: string): Promise<void> {
  const nats = await connectNats({ url: natsUrl, name: "local-runner" });
  try {
    await applyStreams(nats);
  } finally {
    await nats.close();
  }
}
