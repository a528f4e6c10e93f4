import { fileURLToPath } from "node:url";

/** The dictionaries of react-aria that are not English. */
const OTHER_LANGUAGES =
  /[\\/]react-(aria|stately|aria-components)[\\/]dist[\\/]private[\\/]intl[\\/](?:.*[\\/])?(?!en-US)[a-z]{2}-[A-Z]{2}\.mjs$/;

/** What the Next configuration of every portal has in common. */
/** @type {import("next").NextConfig} */
export const portalConfig = {
  // LM_STANDALONE=1 builds a folder that runs without node_modules, for images.
  output: process.env.LM_STANDALONE ? "standalone" : undefined,
  transpilePackages: ["@leadmetrics/ui", "@leadmetrics/web", "@leadmetrics/kit"],
  turbopack: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    rules: {
      "*.mjs": {
        condition: { path: OTHER_LANGUAGES },
        loaders: [fileURLToPath(new URL("./english-only.cjs", import.meta.url))],
      },
      "*.ts": {
        condition: { query: "?sprite" },
        loaders: [fileURLToPath(import.meta.resolve("@leadmetrics/ui/icon-sprite"))],
        as: "*.svg",
      },
    },
  },
  outputFileTracingRoot: fileURLToPath(new URL("../..", import.meta.url)),
  poweredByHeader: false,
  reactStrictMode: true,
  compress: true,
  // Types are checked by the workspace's own command; a build must not do it a second time.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    optimizePackageImports: ["@leadmetrics/ui", "@leadmetrics/web"],
    // Both guess pages that were prefetched as shells; no portal has such pages, and their code is on every one.
    optimisticRouting: false,
    varyParams: false,
    // A page is a handful of files of one cache life, not twenty: what is small is put together with what it comes with.
    turbopackChunking: {
      requestCost: 2_000_000,
      minChunkSize: 200_000,
      maxMergeChunkSize: 2_000_000,
      firstPageLoadPriority: 0.9,
    },
  },
};
