import {
  asService,
  asTenantId,
  type Ctx,
  type Database,
  failpoint,
  type Id,
  type RpcClients,
  systemCtx,
} from "@leadmetrics/kit";
import { CreditsService } from "@leadmetrics/proto/billing/v1/credits";
import type { AgentsDb, RunRow } from "../db.ts";
import { chargeOf } from "./rules.ts";
import { refOf } from "./store.ts";

export type Ended = Pick<
  RunRow,
  "id" | "tenant_id" | "status" | "credits" | "credit_state" | "cost_micro_usd"
>;

/** The credits of runs, at billing. */
export class RunCredits {
  readonly #db: Database<AgentsDb>;
  readonly #billing: ReturnType<typeof clientOf>;

  constructor(db: Database<AgentsDb>, rpc: RpcClients) {
    this.#db = db;
    this.#billing = clientOf(rpc);
  }

  /** Takes a run's credits aside; again for the same run is the same reservation. @throws ConnectError */
  async reserve(ctx: Ctx, run: Pick<RunRow, "id" | "credits">): Promise<void> {
    if (run.credits === 0) return;
    await this.#billing.reserveCredits({ runRef: refOf(run.id), credits: run.credits }, asService(ctx));
  }

  /** Books what an ended run cost, or gives its credits back when it came to nothing. Repeatable. @throws ConnectError */
  async close(run: Ended): Promise<void> {
    if (run.credit_state !== "reserved" || run.credits === 0) return;
    const ctx = systemCtx("run credits", { tenantId: asTenantId(run.tenant_id as Id) });
    const runRef = refOf(run.id);
    const settled = run.status === "succeeded";
    if (settled) {
      const credits = chargeOf(run.cost_micro_usd, run.credits);
      await this.#billing.settleCredits({ runRef, credits }, asService(ctx));
    } else {
      await this.#billing.releaseCredits({ runRef }, asService(ctx));
    }
    failpoint("agents.credits.booked");
    await this.#db.withTenant(ctx, (tx) =>
      tx
        .updateTable("agent_run")
        .set({ credit_state: settled ? "settled" : "released" })
        .where("id", "=", run.id)
        .where("credit_state", "=", "reserved")
        .execute(),
    );
  }

  /** {@link close} that leaves a failure to the reconciler. */
  async tryClose(ctx: Ctx, run: Ended): Promise<void> {
    await this.close(run).catch((error: unknown) =>
      ctx.log.warn(
        { err: error, run: refOf(run.id) },
        "the run's credits are still reserved; tried again later",
      ),
    );
  }
}

const clientOf = (rpc: RpcClients) => rpc.client(CreditsService, "billing");
