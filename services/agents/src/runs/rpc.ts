import {
  type Ctx,
  type Database,
  errors,
  fromRef,
  keyset,
  narrow,
  pageOf,
  pageResult,
  requestCtx,
  type ServedService,
  service,
  TENANT_HEADER,
  type Tx,
  tenantCtx,
} from "@leadmetrics/kit";
import { RunsService } from "@leadmetrics/proto/agents/v1/runs";
import type { AgentsDb, RunRow } from "../db.ts";
import { roleNamed } from "../roles/index.ts";
import type { Signals } from "../signals.ts";
import { eventView, runView, statusName } from "../views.ts";
import { runViews } from "./capped.ts";
import type { RunCredits } from "./credits.ts";
import { cancel } from "./intake.ts";
import { isLive } from "./rules.ts";

/** Events in one answer; the next call goes on where it ends. */
const EVENTS_PAGE = 1_000;

/** What agents did, are doing and cost. */
export function runsService(db: Database<AgentsDb>, credits: RunCredits, signals: Signals): ServedService {
  /** One tenant's rows, a reviewer's tenants', or everybody's for a super admin who names none. */
  const read = <T>(
    ctx: Ctx,
    tenantRef: string | null,
    work: (tx: Tx<AgentsDb>) => Promise<T>,
  ): Promise<T> => {
    const { principal } = ctx;
    if (tenantRef || principal.kind === "tenant") {
      return db.withTenant(narrow(ctx, tenantRef ?? undefined), work, { readOnly: true });
    }
    if (principal.kind === "platform" && principal.role === "reviewer") {
      return db.withTenant(ctx, work, { readOnly: true });
    }
    return db.withPlatform(ctx, "runs of all tenants", work);
  };

  return service(RunsService, {
    async listRuns(request, hc) {
      const page = pageOf(request.page);
      const statuses = request.statuses.flatMap((status) => statusName(status) ?? []);
      const activityId = request.activityRef ? fromRef(request.activityRef, "activity") : undefined;
      return read(requestCtx(hc), hc.requestHeader.get(TENANT_HEADER), async (tx) => {
        let query = tx.selectFrom("agent_run").selectAll();
        if (statuses.length > 0) query = query.where("status", "in", statuses);
        if (request.role) query = query.where("role", "=", request.role);
        if (activityId) query = query.where("activity_id", "=", activityId);
        const result = pageResult(await keyset(query, page, tx).execute(), page);
        return { runs: await runViews(tx, result.rows), page: result.page };
      });
    },

    async getRun(request, hc) {
      const id = fromRef(request.runRef, "run");
      const runs = await db.withTenant(tenantCtx(hc), async (tx) => runViews(tx, [await find(tx, id)]), {
        readOnly: true,
      });
      return { run: runs.at(0) };
    },

    async listRunEvents(request, hc) {
      const id = fromRef(request.runRef, "run");
      const ctx = tenantCtx(hc);
      const rows = await db.withTenant(
        ctx,
        async (tx) => {
          const run = await find(tx, id);
          let query = tx
            .selectFrom("run_event")
            .selectAll()
            .where("run_id", "=", id)
            .where("sequence", ">", Number(request.afterSequence))
            .orderBy("sequence")
            .limit(EVENTS_PAGE);
          if (ctx.principal.kind === "tenant") {
            // A client doesn't read a draft before a reviewer has.
            if (!roleNamed(run.role)?.openToClient) query = query.where("kind", "<>", "text");
            query = query.where((eb) => eb.or([eb("kind", "<>", "note"), eb("plain", "is not", null)]));
          }
          return query.execute();
        },
        { readOnly: true },
      );
      return { events: rows.map(eventView) };
    },

    async cancelRun(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.runRef, "run");
      const { before, ended } = await db.withTenant(ctx, async (tx) => {
        const run = await find(tx, id);
        if (!isLive(run.status)) {
          throw errors.conflict("run_finished", `The run is over: it has ${run.status}.`, {
            state: run.status,
          });
        }
        const reason = request.reason.trim() || "A person cancelled the run.";
        return { before: run, ended: await cancel(tx, ctx, run, reason, signals) };
      });
      if (!ended) throw errors.conflict("run_changed", "The run has just changed. Look at it again.", {});
      // One that was being admitted may have a reservation on its way: the reconciler closes it when that is over.
      if (before.status !== "requested") await credits.tryClose(ctx, ended);
      return { run: runView(ended) };
    },
  });
}

async function find(tx: Tx<AgentsDb>, id: string): Promise<RunRow> {
  const row = await tx.selectFrom("agent_run").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw errors.notFound("run");
  return row;
}
