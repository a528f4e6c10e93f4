import {
  AppError,
  errors,
  RIGHTS_BUCKET,
  Rights,
  rpcClients,
  service,
  TokenVerifier,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { PlansService } from "@leadmetrics/proto/content/v1/plans";
import { ReviewsService } from "@leadmetrics/proto/content/v1/reviews";
import { FilesService } from "@leadmetrics/proto/rag/v1/files";
import type { FastifyInstance } from "fastify";
import { buildApp } from "../src/app.ts";
import { Feed } from "../src/live/feed.ts";

const migrations = new URL("../../services/kit/test/fixture/", import.meta.url);
/** Milliseconds a plan takes to make, long enough for a second request to come in between. */
const WORK_MS = 60;
const tenantPlan = {
  ref: "P",
  title: "December",
  start: { year: 2026, month: 12, day: 1 },
  status: 1,
} as const;

/** A gateway on a real broker, before a service that answers what a test wants to see passed on. */
export interface RunningGateway {
  readonly t: ServiceTest<unknown>;
  readonly app: FastifyInstance;
  readonly feed: Feed;
  /** A client company's owner. */
  readonly bearer: Record<string, string>;
  /** How many plans the service was asked to make. */
  created(): number;
  close(): Promise<void>;
}

export async function startGateway(): Promise<RunningGateway> {
  const t = await startServiceTest({ service: "content", migrations });
  let created = 0;
  const running = await t.start({
    config: t.config,
    rpc: () => [
      service(PlansService, {
        createPlan: async (req) => {
          created += 1;
          await new Promise((resolve) => setTimeout(resolve, WORK_MS));
          return { plan: { ...tenantPlan, title: req.title, stamp: { version: 1 } } };
        },
        getPlan: (_req, hc) => ({ plan: { ...tenantPlan, ref: toRef(tenantCtx(hc).tenantId) } }),
        listPlans: () => ({ plans: [tenantPlan], page: { nextPageToken: "next" } }),
        updatePlan: () => ({}),
        approvePlan() {
          throw errors.conflict("already_approved", "This plan was approved already.", {
            status: "approved",
            content_hash: "abc",
          });
        },
        listPeriods: () => ({}),
        listActivityTemplates: () => ({}),
      }),
      service(ReviewsService, {
        listReviewQueue: () => ({ total: 0 }),
        findInReviewQueue: () => ({}),
        approveDraft: () => ({}),
        editAndApproveDraft: () => ({}),
        rejectDraft: () => ({}),
      }),
      service(FilesService, {
        async uploadFile(parts) {
          let size = 0;
          let name = "";
          for await (const { part } of parts) {
            if (part.case === "header") name = part.value.name;
            else if (part.case === "data") size += part.value.length;
          }
          if (size === 0) throw new AppError("invalid", "file_empty", `${name} is empty.`);
          return { file: { ref: "F", name, sizeBytes: BigInt(size), status: 1 } };
        },
        getFile: () => ({}),
        listFiles: () => ({}),
        deleteFile: () => ({}),
      }),
    ],
  });
  const url = `http://127.0.0.1:${running.rpcPort}`;
  const rights = new Rights();
  await rights.watch(await t.nats.kv(RIGHTS_BUCKET), t.log);
  const rpc = rpcClients({
    name: "gateway",
    secret: "",
    urls: { ...t.config, CONTENT_URL: url, RAG_URL: url },
  });
  const feed = new Feed(t.nats, t.log);
  await feed.start();
  const app = await buildApp({
    rpc,
    nats: t.nats,
    rights,
    feed,
    log: t.log,
    verifier: new TokenVerifier(t.keys, rights),
    trustedProxies: "",
    production: false,
    rateLimitScale: 1,
  });
  return {
    t,
    app,
    feed,
    bearer: { authorization: `Bearer ${await t.token(t.ctx.tenant().principal)}` },
    created: () => created,
    async close() {
      feed.stop();
      await app.close();
      await t.close();
    },
  };
}
