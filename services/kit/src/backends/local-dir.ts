import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** `.local` at the top of the checkout: what the runner fetches and makes; the temporary folder outside a checkout. */
export function localDir(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (existsSync(join(at, "pnpm-workspace.yaml"))) return join(at, ".local");
    const up = dirname(at);
    if (up === at) return join(tmpdir(), "leadmetrics-local");
    at = up;
  }
}
