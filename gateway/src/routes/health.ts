import type { RpcClients, ServiceName } from "@leadmetrics/kit";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "@leadmetrics/proto/gen/grpc/health/v1/health_pb";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { errorSchema } from "../edge/errors.ts";
import { RecentCalls } from "../health/calls.ts";

const SERVICES: readonly ServiceName[] = [
  "identity",
  "tenancy",
  "content",
  "agents",
  "billing",
  "notifications",
  "rag",
  "search",
];
/** A service that takes longer to say how it is counts as down, milliseconds. */
const PATIENCE_MS = 2_000;

const answer = z.object({
  items: z.array(
    z.object({
      service: z.string(),
      state: z.enum(["ready", "not_ready", "down"]),
      p95Ms: z.number().nullable().describe("Of this gateway's calls in the last minutes; null without any"),
    }),
  ),
});

/** How the services are: asked now, and measured in the calls of the last minutes. */
export function installHealth(app: FastifyInstance, rpc: RpcClients): void {
  const calls = new RecentCalls();
  app.get(
    "/health",
    {
      schema: {
        summary: "How the services are",
        operationId: "listServiceHealth",
        response: { 200: answer, "4xx": errorSchema },
      },
    },
    async () => {
      const [states, p95] = await Promise.all([
        Promise.all(SERVICES.map((service) => stateOf(rpc, service))),
        calls.p95Ms(Date.now()),
      ]);
      return {
        items: SERVICES.map((service, index) => ({
          service,
          state: states[index] ?? "down",
          p95Ms: p95.get(service) ?? null,
        })),
      };
    },
  );
}

async function stateOf(rpc: RpcClients, service: ServiceName): Promise<"ready" | "not_ready" | "down"> {
  try {
    const { status } = await rpc.client(Health, service).check({ service: "" }, { timeoutMs: PATIENCE_MS });
    return status === Status.SERVING ? "ready" : "not_ready";
  } catch {
    return "down";
  }
}
