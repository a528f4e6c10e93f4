/**
 * Generates `proto/gen` (JavaScript with declarations) and `proto/gen/descriptors.binpb` (every file with its
 * imports, for server reflection and contract tests). Works offline: the third-party protos that ours import
 * come out of npm packages into `proto/vendor`, which is never committed.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { validateProtoSource } from "./validate-proto.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const vendor = join(root, "vendor");
const require = createRequire(import.meta.url);

/** Where each vendored file comes from: path below `vendor` → file inside an installed package. */
const vendored: Record<string, string> = {
  "google/rpc/error_details.proto": "google-proto-files/google/rpc/error_details.proto",
  "google/rpc/status.proto": "google-proto-files/google/rpc/status.proto",
  "grpc/health/v1/health.proto": "grpc-health-check/proto/health/v1/health.proto",
  "grpc/reflection/v1/reflection.proto": "@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto",
  "grpc/reflection/v1alpha/reflection.proto":
    "@grpc/reflection/build/proto/grpc/reflection/v1alpha/reflection.proto",
};

function packageFile(spec: string): string {
  const [scopeOrName = "", second = ""] = spec.split("/");
  const name = scopeOrName.startsWith("@") ? `${scopeOrName}/${second}` : scopeOrName;
  const paths = require.resolve.paths(name) ?? [];
  for (const base of paths) {
    const candidate = join(base, spec);
    try {
      return require.resolve(candidate);
    } catch {
      // not in this node_modules; the next one up may have it
    }
  }
  throw new Error(`${spec} is not installed: run the install step first`);
}

function vendorProtos(): void {
  rmSync(vendor, { recursive: true, force: true });
  for (const [target, source] of Object.entries(vendored)) {
    const path = join(vendor, target);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(packageFile(source), path);
  }
  const validate = join(vendor, "buf/validate/validate.proto");
  mkdirSync(dirname(validate), { recursive: true });
  writeFileSync(validate, validateProtoSource());
}

vendorProtos();
if (!process.argv.includes("--vendor-only")) {
  const bin = join(root, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ""}` };
  execFileSync(join(bin, "buf"), ["generate"], { cwd: root, stdio: "inherit", env });
  execFileSync(join(bin, "buf"), ["build", "-o", "gen/descriptors.binpb"], {
    cwd: root,
    stdio: "inherit",
    env,
  });
}
