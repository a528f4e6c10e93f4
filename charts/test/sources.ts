import { globSync, readFileSync } from "node:fs";
import { SERVICES } from "@leadmetrics/local/system";
import { ROOT } from "./helm.ts";

/** `rpc.client(TenantsService, "tenancy")`, and the routes of the gateway: `target: "tenancy"`. */
const CLIENT = /\.client\(\s*[\w.]+\s*,\s*(?:"(\w+)"|([\w.]+))\s*,?\s*\)/g;
const TARGET = /\btarget: "(\w+)"/g;

/**
 * The services that the code in a folder calls. A client whose target is a variable reaches the targets that the folder
 * lists, or every service when it lists none.
 */
export function calledBy(folder: string): Set<string> {
  const text = sourceOf(folder);
  const called = new Set<string>();
  for (const [, literal, variable] of text.matchAll(CLIENT)) {
    if (literal) called.add(literal);
    if (!variable) continue;
    const listed = [...text.matchAll(TARGET)].flatMap(([, target]) => target ?? []);
    for (const each of listed.length > 0 ? listed : SERVICES) called.add(each);
  }
  // The kit asks identity for keys and tokens, in everybody but identity.
  if (folder !== "services/identity") called.add("identity");
  called.delete(folder.replace("services/", ""));
  return called;
}

/** What in a service's sources shows that it reaches a store; everybody's stores come with the kit. */
const EVIDENCE = {
  mongo: /\bMONGO_URL\b/,
  qdrant: /\bQDRANT_URL\b/,
  typesense: /\bTYPESENSE_URL\b/,
  smtp: /\bSMTP_URL\b/,
  internet: /\bguardedFetch\b|\b\w+_BASE_URL\b/,
};

/** The stores that the code in a folder reaches by itself. */
export function storesOf(folder: string): string[] {
  const text = sourceOf(folder);
  return Object.entries(EVIDENCE).flatMap(([store, evidence]) => (evidence.test(text) ? [store] : []));
}

function sourceOf(folder: string): string {
  return globSync(`${folder}/src/**/*.ts`, { cwd: ROOT })
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => readFileSync(`${ROOT}/${file}`, "utf8"))
    .join("\n");
}
