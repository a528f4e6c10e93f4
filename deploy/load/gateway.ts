/**
 * What the split into gateway and services costs a read: GET of one plan through the gateway and content, on a whole
 * platform. Prints; asserts nothing.
 *
 *   node deploy/load/gateway.ts [--seconds 6] [--connections 10] [--rate 200]
 *
 * The baseline is one Fastify process that verifies the same kind of token and reads the same rows from the same database.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { newCompany } from "@leadmetrics/e2e/company";
import { asTenantId, fromRef } from "@leadmetrics/kit";
import { freeBase } from "@leadmetrics/local/place";
import { type Platform, startPlatform } from "@leadmetrics/local/platform";
import { DURABILITY, endOnSignals } from "./backends.ts";
import { startServerChild } from "./children.ts";
import type { OneProcessPlan } from "./gateway/one-process.ts";
import { askOverHttp, askSteadily } from "./http.ts";
import {
  alternate,
  median,
  medianOf,
  printBelow,
  printConditions,
  printRatio,
  printRound,
  ROUNDS,
  WARM_SECONDS,
} from "./measure.ts";
import { ownersToken } from "./tokens.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    connections: { type: "string", default: "10" },
    rate: { type: "string", default: "200" },
  },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const rate = Number(values.rate);
const AIM_RATIO = 0.4;
const AIM_P99_MS = 30;

endOnSignals();
const dataDir = await mkdtemp(join(tmpdir(), "lm-load-"));
const platform = await startPlatform({
  base: await freeBase(),
  dataDir,
  portals: false,
  env: { RATE_LIMIT_SCALE: "1000000" },
});
try {
  await measure(platform);
} finally {
  await platform.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function measure(platform: Platform): Promise<void> {
  const { client, person, tenant, at } = await newCompany(platform);
  const plan = await client.post<{ ref: string }>("/tenant/v1/plans", {
    title: "Load",
    start: "2026-12-01",
    end: "2026-12-31",
    deliverables: [{ contentType: "blog_post", quantity: 4, theme: "Rye bread" }],
  });
  const { jwks, token } = await ownersToken(asTenantId(fromRef(tenant)));
  const baseline = await startServerChild(new URL("./gateway/one-process.ts", import.meta.url), {
    jwks,
    databaseUrl: platform.databaseUrl("content", "app"),
  } satisfies OneProcessPlan);
  const load = { connections, seconds };
  const ours = {
    url: `${at.gateway}/tenant/v1/plans/${plan.body.ref}`,
    headers: { authorization: `Bearer ${await signedIn(at.gateway, person)}` },
    servers: [platform.pid("gateway") ?? 0, platform.pid("content") ?? 0],
  };
  const alone = {
    url: `${baseline.url}/plans/${plan.body.ref}`,
    headers: { authorization: `Bearer ${token}` },
    servers: [baseline.pid],
  };
  try {
    printConditions(
      `both sides: ${DURABILITY.postgres}; ${connections} connections, ${seconds} s a round, median of ${ROUNDS}; the whole platform runs beside both`,
    );
    for (const side of [ours, alone]) await askOverHttp({ ...load, ...side, seconds: WARM_SECONDS });
    const full = await alternate(
      () => askOverHttp({ ...load, ...ours }),
      () => askOverHttp({ ...load, ...alone }),
    );
    console.log("as many as are answered");
    printRound("gateway and content", medianOf(full.ours));
    printRound("one process", medianOf(full.baseline));
    const ratios = full.ours.map(
      ({ perSecond }, index) => perSecond / (full.baseline[index]?.perSecond ?? Number.NaN),
    );
    printRatio("one process", median(ratios), AIM_RATIO);
    const steady = await alternate(
      () => askSteadily({ ...load, ...ours, perSecond: rate }),
      () => askSteadily({ ...load, ...alone, perSecond: rate }),
    );
    console.log(`at ${rate} per second`);
    printRound("gateway and content", medianOf(steady.ours));
    printRound("one process", medianOf(steady.baseline));
    printBelow("p99", medianOf(steady.ours).p99, AIM_P99_MS);
  } finally {
    await baseline.stop();
  }
}

async function signedIn(gateway: string, person: { email: string; password: string }): Promise<string> {
  const answer = await fetch(`${gateway}/auth/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: person.email, password: person.password, portal: "dashboard" }),
  });
  if (!answer.ok) throw new Error(`the login answered ${answer.status}: ${await answer.text()}`);
  const { accessToken } = (await answer.json()) as { accessToken: string };
  return accessToken;
}
