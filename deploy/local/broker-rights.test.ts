import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CONSUMERS } from "./broker-rights.ts";
import { ROOT } from "./place.ts";
import { SERVICES } from "./system.ts";

/** Consumers that a service's sources name; the kit's own router of dead letters comes with a word. */
function consumersOf(service: string): string[] {
  const text = globSync(`services/${service}/src/**/*.ts`, { cwd: ROOT })
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(ROOT, file), "utf8"))
    .join("\n");
  return [
    ...[...text.matchAll(/\bdurable: "([a-z-]+)"/g)].flatMap(([, durable]) => durable ?? []),
    ...(/\bdeadLetterRouter: true\b/.test(text) ? ["dlq-router"] : []),
  ].sort();
}

it.each(SERVICES)("%s may open the consumers it has, and no others", (service) => {
  expect(Object.keys(CONSUMERS[service] ?? {}).sort(), "CONSUMERS in broker-rights.ts").toEqual(
    consumersOf(service),
  );
});
