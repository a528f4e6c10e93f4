import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The browser of the end-to-end tests, or why there is none. */
export type Browser = { readonly path: string } | { readonly missing: string };

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** `CHROMIUM_PATH` when set, else the first Chromium or Chrome on the PATH. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): Browser {
  const named = env.CHROMIUM_PATH;
  if (named)
    return runs(named) ? { path: named } : { missing: `CHROMIUM_PATH names ${named}, which can't be run` };
  const folders = [...(env.PATH ?? "").split(delimiter), "/usr/bin"];
  const path = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), MAC].find(runs);
  return path
    ? { path }
    : { missing: "no Chromium is installed (apt-get install chromium, or name one in CHROMIUM_PATH)" };
}

/** The same, and as root on Debian installs it through apt when it is missing. */
export function ensureBrowser(say: (line: string) => void): Browser {
  const found = findBrowser();
  if ("path" in found || process.getuid?.() !== 0) return found;
  say("installing Chromium through apt for the browser tests");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    try {
      execFileSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], {
        stdio: "pipe",
        env,
      });
    } catch {
      // The package lists may be too old to know the current version.
      execFileSync("apt-get", ["update"], { stdio: "pipe", env });
      execFileSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], {
        stdio: "pipe",
        env,
      });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { missing: `Chromium could not be installed through apt: ${reason}` };
  }
  return findBrowser();
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
