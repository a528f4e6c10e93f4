/**
 * What the kit costs around a unary call: token, rights, validation, deadline, span, metrics. Prints; asserts nothing.
 *
 *   node deploy/load/rpc.ts [--seconds 6] [--connections 10]
 *
 * The baseline is connect-fastify alone with the same contract, handler and messages. Each serves in a process of its own;
 * the asking is a plain HTTP client's, which costs both the same.
 */
import { parseArgs } from "node:util";
import { create, toBinary } from "@bufbuild/protobuf";
import { asTenantId, newId } from "@leadmetrics/kit";
import { CreditsService, GetBalanceRequestSchema } from "@leadmetrics/proto/billing/v1/credits";
import { startServerChild } from "./children.ts";
import { askOverHttp } from "./http.ts";
import {
  alternate,
  median,
  medianOf,
  printConditions,
  printRatio,
  printRound,
  ROUNDS,
  WARM_SECONDS,
} from "./measure.ts";
import type { ServePlan } from "./rpc/serve.ts";
import { ownersToken } from "./tokens.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    connections: { type: "string", default: "10" },
  },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const AIM = 0.75;

const { jwks, token } = await ownersToken(asTenantId(newId()));
const program = new URL("./rpc/serve.ts", import.meta.url);
const kit = await startServerChild(program, { kind: "kit", jwks } satisfies ServePlan);
const bare = await startServerChild(program, { kind: "bare", jwks } satisfies ServePlan);
const path = `/${CreditsService.typeName}/${CreditsService.method.getBalance.name}`;
const body = Buffer.from(toBinary(GetBalanceRequestSchema, create(GetBalanceRequestSchema)));
const ask = (server: typeof kit, forSeconds = seconds) =>
  askOverHttp({
    url: server.url + path,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/proto",
      "connect-protocol-version": "1",
    },
    body,
    connections,
    seconds: forSeconds,
    servers: [server.pid],
  });
try {
  printConditions(
    `both sides: nothing is stored; ${connections} connections, ${seconds} s a round, median of ${ROUNDS}`,
  );
  for (const server of [kit, bare]) await ask(server, WARM_SECONDS);
  const rounds = await alternate(
    () => ask(kit),
    () => ask(bare),
  );
  printRound("kit", medianOf(rounds.ours));
  printRound("connect-fastify", medianOf(rounds.baseline));
  const ratios = rounds.ours.map(
    ({ perSecond }, index) => perSecond / (rounds.baseline[index]?.perSecond ?? Number.NaN),
  );
  printRatio("connect-fastify", median(ratios), AIM);
} finally {
  await Promise.all([kit.stop(), bare.stop()]);
}
