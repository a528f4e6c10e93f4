import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { ROOT } from "../place.ts";

/** The parts of the repository between which arrows may point. */
type Part = {
  readonly kind:
    | "proto"
    | "kit"
    | "service"
    | "service-test"
    | "gateway"
    | "portal"
    | "portal-library"
    | "deploy";
  readonly name: string;
};

/**
 * Portals → gateway → proto ← services → kit. What each kind of part may import of the others; the gateway is a process
 * on the kit like a service. Deploy starts and tests all of it, from outside; third parties' ends of the wire it shares with
 * the services' own tests. Load tests also measure a service's parts by themselves.
 */
const MAY_IMPORT: Record<Part["kind"], readonly Part["kind"][]> = {
  proto: [],
  kit: ["proto"],
  service: ["proto", "kit"],
  "service-test": ["proto", "kit"],
  gateway: ["proto", "kit"],
  portal: ["portal-library"],
  "portal-library": ["portal-library"],
  deploy: ["proto", "kit", "deploy", "gateway", "service-test"],
};
const MEASURES = "load";
/** Of the kit: how a process is measured and traced, and where it tells. */
const MEASURING = /^@leadmetrics\/kit\/(admin|telemetry\/[a-z-]+)$/;

const PORTAL_LIBRARIES = ["ui", "web"];
const SOURCES = ["proto", "services", "gateway", "portals", "deploy"];
const SKIPPED = new Set(["node_modules", ".next", "dist", "gen", "vendor"]);

/** Every arrow that points the wrong way, one line each. */
export function wrongArrows(root: string = ROOT): string[] {
  const wrong: string[] = [];
  for (const file of SOURCES.flatMap((folder) => sourceFiles(join(root, folder)))) {
    const path = relative(root, file);
    const from = partOf(path);
    if (!from) continue;
    for (const { to, names, typeOnly, line } of importsOf(file)) {
      const where = `${path}:${line}`;
      const target = targetOf(root, file, to);
      if (target && !allowed(from, target, to))
        wrong.push(`${where} imports ${to}: ${describe(from)} must not know ${describe(target)}`);
      // Decisions are pure: what they need comes in as arguments.
      if (basename(path) === "rules.ts" && !typeOnly && !isPure(file, { to, names })) {
        wrong.push(`${where} imports ${to}: rules.ts imports types and pure modules only`);
      }
    }
  }
  return wrong;
}

function allowed(from: Part, to: Part, name: string): boolean {
  if (from.kind === to.kind && from.name === to.name) return true;
  // Portals' servers are measured and traced as every other process is.
  if (from.kind === "portal-library" && from.name === "web" && MEASURING.test(name)) return true;
  if (from.kind === "deploy" && from.name === MEASURES && to.kind === "service") return true;
  // A service's tests know their service.
  if (from.kind === "service-test" && to.kind === "service" && from.name === to.name) return true;
  return MAY_IMPORT[from.kind].includes(to.kind);
}

const describe = (part: Part) => (part.name === part.kind ? `the ${part.name}` : `${part.kind} ${part.name}`);

/** Values from outside that decide nothing and touch nothing: ids, errors, and a hash of what was handed in. */
const PURE: Record<string, readonly string[] | "all"> = {
  "@leadmetrics/kit/ids": "all",
  "@leadmetrics/kit/errors": "all",
  "node:crypto": ["createHash"],
  otpauth: ["Secret", "TOTP"],
  "@internationalized/date": "all",
};

/** A file of the same service is pure when everything it imports is. */
function isPure(
  file: string,
  { to, names }: Pick<Import, "to" | "names">,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  const known = PURE[to];
  if (known) return known === "all" || names.every((name) => known.includes(name));
  if (!to.startsWith(".")) return false;
  const target = resolve(dirname(file), to);
  if (seen.has(target) || !existsSync(target)) return true;
  return importsOf(target).every((each) => each.typeOnly || isPure(target, each, new Set([...seen, target])));
}

/** The part a path of the repository belongs to. */
export function partOf(path: string): Part | undefined {
  const [top = "", name = "", within = ""] = path.split("/");
  if (top === "proto" || top === "gateway") return { kind: top, name: top };
  if (top === "services" && name === "kit") return { kind: "kit", name };
  if (top === "services") return { kind: within === "test" ? "service-test" : "service", name };
  if (top === "portals") return { kind: PORTAL_LIBRARIES.includes(name) ? "portal-library" : "portal", name };
  return top === "deploy" ? { kind: "deploy", name } : undefined;
}

/** Our own packages by name, and files by relative path; undefined for libraries. */
function targetOf(root: string, file: string, to: string): Part | undefined {
  if (to.startsWith(".")) return partOf(relative(root, resolve(dirname(file), to)));
  const name = /^@leadmetrics\/([^/]+)/.exec(to)?.[1];
  if (!name) return undefined;
  if (name === "proto" || name === "gateway") return { kind: name, name };
  if (name === "kit") return { kind: "kit", name };
  if (PORTAL_LIBRARIES.includes(name)) return { kind: "portal-library", name };
  if (["dashboard", "dm", "manage", "knowledgebase", "mobile"].includes(name))
    return { kind: "portal", name };
  return ["local", "e2e", "load", "lm", "observability"].includes(name)
    ? { kind: "deploy", name }
    : { kind: "service", name };
}

interface Import {
  readonly to: string;
  /** What is taken by name; `*` stands for the whole module. */
  readonly names: readonly string[];
  readonly typeOnly: boolean;
  readonly line: number;
}

/** Static imports, re-exports and dynamic imports of a constant. */
export function importsOf(file: string, text: string = readFileSync(file, "utf8")): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (
    node: ts.Node,
    specifier: ts.Expression | undefined,
    typeOnly: boolean,
    names: string[] = ["*"],
  ) => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    found.push({
      to: specifier.text,
      names,
      typeOnly,
      line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
    });
  };
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause;
      const named =
        clause?.namedBindings && ts.isNamedImports(clause.namedBindings)
          ? clause.namedBindings.elements
          : undefined;
      const allTypes = named?.every((element) => element.isTypeOnly) === true && !clause?.name;
      const names =
        named && !clause?.name ? named.map(({ name, propertyName }) => (propertyName ?? name).text) : ["*"];
      add(node, node.moduleSpecifier, clause?.isTypeOnly === true || allTypes, names);
    } else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node, node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.(ts|tsx|mts)$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}
