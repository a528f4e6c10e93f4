/** The baseline: one process that verifies the token and reads the plan itself, under the same row-level security. */
import type { AddressInfo } from "node:net";
import { asTenantId, fromRef, TOKEN_AUDIENCE, TOKEN_ISSUER, toRef } from "@leadmetrics/kit";
import Fastify from "fastify";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import pg from "pg";
import { byHand } from "../items/items.ts";

export interface OneProcessPlan {
  readonly jwks: JSONWebKeySet;
  readonly databaseUrl: string;
}

const POOL = 10;
const plan = JSON.parse(process.argv[2] ?? "") as OneProcessPlan;
const keys = createLocalJWKSet(plan.jwks);
const pool = new pg.Pool({ connectionString: plan.databaseUrl, max: POOL });
const app = Fastify({ logger: false });

app.get<{ Params: { planRef: string } }>("/plans/:planRef", async (request, reply) => {
  const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
  const { payload } = await jwtVerify(token, keys, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE });
  const tenant = asTenantId(fromRef(String(payload.tid), "tenant"));
  const id = fromRef(request.params.planRef, "plan");
  const [row, items] = await byHand(pool, tenant, async (client) => {
    const found = await client.query({
      name: "plan",
      text: "select * from deliverable_plan where id = $1",
      values: [id],
    });
    const deliverables = await client.query({
      name: "deliverables",
      text: "select * from deliverable where plan_id = $1 order by position",
      values: [id],
    });
    return [found.rows[0], deliverables.rows] as const;
  });
  if (!row) return reply.code(404).send({ error: "not found" });
  return {
    ref: toRef(id),
    title: row.title,
    start: row.starts,
    end: row.ends,
    status: row.status,
    createdBy: row.created_by,
    createdOn: row.created_on,
    updatedOn: row.updated_on,
    version: row.version,
    deliverables: items.map((item) => ({
      ref: toRef(item.id),
      contentType: item.content_type,
      quantity: item.quantity,
      theme: item.theme,
    })),
  };
});

process.once("SIGTERM", () => process.exit(0));
// A parent that was killed can't say stop.
process.once("disconnect", () => process.exit(1));
await app.listen({ host: "127.0.0.1", port: 0 });
process.send?.({ port: (app.server.address() as AddressInfo).port });
