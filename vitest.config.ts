import { configDefaults, defineConfig, type Plugin } from "vitest/config";

/** Milliseconds; a test that needs longer says so itself. */
const TEST_TIMEOUT_MS = 20_000;
const HOOK_TIMEOUT_MS = 60_000;

/** What the portals' builds draw (portals/ui/icon-sprite.cjs) is a picture nobody looks at here: it has an address, and that is all. */
const iconSprite: Plugin = {
  name: "icon-sprite",
  enforce: "pre",
  load: (id) => (id.endsWith("?sprite") ? 'export default { src: "/icons.svg" };' : undefined),
};

export default defineConfig({
  plugins: [iconSprite],
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: HOOK_TIMEOUT_MS,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "{services,portals,deploy}/*/src/**/*.test.{ts,tsx}",
            "gateway/src/**/*.test.ts",
            "deploy/local/**/*.test.ts",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "backends",
          include: ["services/*/test/**/*.test.ts", "gateway/test/**/*.test.ts"],
          globalSetup: ["services/kit/src/testing/global-setup.ts"],
        },
      },
      {
        extends: true,
        test: { name: "charts", include: ["charts/test/**/*.test.ts"] },
      },
      // Each file has a platform of its own, which waits as much as it works.
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["deploy/e2e/**/*.test.ts"],
          exclude: [...configDefaults.exclude, "deploy/e2e/drills/**"],
          maxWorkers: 2,
        },
      },
      // By itself: its alarms look at a platform nothing else slows down.
      { extends: true, test: { name: "drills", include: ["deploy/e2e/drills/**/*.test.ts"], maxWorkers: 1 } },
    ],
  },
});
