import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Database,
  errors,
  fromRef,
  requestCtx,
  type ServedService,
  service,
  tenantCtx,
} from "@leadmetrics/kit";
import { RunFiguresService, RunGrouping } from "@leadmetrics/proto/agents/v1/figures";
import { sql } from "kysely";
import type { AgentsDb } from "../db.ts";
import { refOf } from "../runs/store.ts";
import { usageView } from "../views.ts";

/** Days counted when nobody says how many. */
const DEFAULT_DAYS = 14;
/** Calls of one run that are shown; runs make a handful. */
const CALLS_SHOWN = 500;

const KEYS: Record<RunGrouping, ReturnType<typeof sql<string>>> = {
  [RunGrouping.UNSPECIFIED]: sql<string>`''`,
  [RunGrouping.TENANT]: sql<string>`tenant_id::text`,
  [RunGrouping.ROLE]: sql<string>`role`,
  [RunGrouping.MODEL]: sql<string>`coalesce(nullif(model, ''), nullif(adapter, ''), 'none yet')`,
};

interface Row {
  day: string;
  key: string;
  runs: string;
  succeeded: string;
  failed: string;
  credits: string;
  input_tokens: string;
  output_tokens: string;
  cached_tokens: string;
  cost_micro_usd: string;
}

/** Runs counted for the people who run the platform, and the model calls of one run. */
export function runFiguresService(db: Database<AgentsDb>): ServedService {
  return service(RunFiguresService, {
    async listRunFigures({ days, groupBy }, hc) {
      const key = KEYS[groupBy];
      const back = (days || DEFAULT_DAYS) - 1;
      const { rows } = await db.withPlatform(requestCtx(hc), "figures of runs of all tenants", (tx) =>
        sql<Row>`
          select to_char(requested_on at time zone 'UTC', 'YYYY-MM-DD') as day, ${key} as key,
            count(*) as runs,
            count(*) filter (where status = 'succeeded') as succeeded,
            count(*) filter (where status = 'failed') as failed,
            sum(credits) as credits,
            sum(input_tokens) as input_tokens,
            sum(output_tokens) as output_tokens,
            sum(cached_tokens) as cached_tokens,
            sum(cost_micro_usd) as cost_micro_usd
          from agent_run
          where requested_on >= (date_trunc('day', now() at time zone 'UTC') - make_interval(days => ${back})) at time zone 'UTC'
          group by 1, 2
          order by 1, 2`.execute(tx),
      );
      return {
        figures: rows.map((row) => ({
          day: row.day,
          key: groupBy === RunGrouping.TENANT ? refOf(row.key) : row.key,
          runs: BigInt(row.runs),
          succeeded: BigInt(row.succeeded),
          failed: BigInt(row.failed),
          credits: BigInt(row.credits),
          usage: {
            inputTokens: BigInt(row.input_tokens),
            outputTokens: BigInt(row.output_tokens),
            cachedTokens: BigInt(row.cached_tokens),
            costMicroUsd: BigInt(row.cost_micro_usd),
          },
        })),
      };
    },

    async listModelCalls({ runRef }, hc) {
      const id = fromRef(runRef, "run");
      const rows = await db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          const run = await tx.selectFrom("agent_run").select("id").where("id", "=", id).executeTakeFirst();
          if (!run) throw errors.notFound("run");
          return tx
            .selectFrom("llm_call")
            .selectAll()
            .where("run_id", "=", id)
            .orderBy("id")
            .limit(CALLS_SHOWN)
            .execute();
        },
        { readOnly: true },
      );
      return {
        calls: rows.map((row) => ({
          ref: refOf(row.id),
          attempt: row.attempt,
          adapter: row.adapter,
          model: row.model,
          outcome: row.outcome,
          usage: usageView(row),
          durationMs: row.duration_ms,
          promptHash: row.prompt_hash,
          responseHash: row.response_hash,
          providerRef: row.provider_ref ?? "",
          createdOn: timestampFromDate(row.created_on),
        })),
      };
    },
  });
}
