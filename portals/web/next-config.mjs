import { fileURLToPath } from "node:url";

/** What the Next configuration of every portal has in common. */
/** @type {import("next").NextConfig} */
export const portalConfig = {
  // LM_STANDALONE=1 builds a folder that runs without node_modules, for images.
  output: process.env.LM_STANDALONE ? "standalone" : undefined,
  transpilePackages: ["@leadmetrics/ui", "@leadmetrics/web", "@leadmetrics/kit"],
  turbopack: { root: fileURLToPath(new URL("../..", import.meta.url)) },
  outputFileTracingRoot: fileURLToPath(new URL("../..", import.meta.url)),
  poweredByHeader: false,
  reactStrictMode: true,
  compress: true,
  // Types are checked by the workspace's own command; a build must not do it a second time.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    optimizePackageImports: ["@leadmetrics/ui", "@leadmetrics/web", "lucide-react"],
  },
};
