import {
  type ConsumerDefinition,
  consumer,
  contractKey,
  type Database,
  type Id,
  type Nats,
  ok,
  onExternal,
  RIGHTS_BUCKET,
  toRef,
} from "@leadmetrics/kit";
import { ContractAcceptedSchema, ContractOfferedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { sql } from "kysely";
import type { TenancyDb } from "../db.ts";

/** Which tenants' contracts wait, told to every verifier through the bucket they watch. */
export class ContractGate {
  readonly #db: Database<TenancyDb>;
  readonly #nats: Nats;

  constructor(db: Database<TenancyDb>, nats: Nats) {
    this.#db = db;
    this.#nats = nats;
  }

  /** Writes whether a tenant's contract waits, as it is now. Safe to repeat. */
  async tell(tenantId: string): Promise<void> {
    const waiting = await this.#waiting();
    const kv = await this.#nats.kv(RIGHTS_BUCKET);
    const key = contractKey(toRef(tenantId as Id));
    if (waiting.includes(tenantId)) await kv.put(key, "waits");
    else await kv.delete(key);
  }

  /** Writes all that wait, should the bucket have lost them. */
  async tellAll(): Promise<void> {
    const kv = await this.#nats.kv(RIGHTS_BUCKET);
    for (const tenantId of await this.#waiting()) await kv.put(contractKey(toRef(tenantId as Id)), "waits");
  }

  /** Tenants whose newest contract nobody has accepted. */
  async #waiting(): Promise<string[]> {
    const rows = await this.#db.withSystem("contracts that wait", (tx) =>
      tx
        .selectFrom("contract")
        .leftJoin("contract_acceptance", "contract_acceptance.contract_id", "contract.id")
        .select("contract.tenant_id")
        .where("contract_acceptance.id", "is", null)
        .where(
          sql<boolean>`not exists (select from contract newer where newer.tenant_id = contract.tenant_id and newer.id > contract.id)`,
        )
        .execute(),
    );
    return rows.map((row) => row.tenant_id);
  }
}

/** The gate reaches the verifiers even when the process died after the commit. */
export function contractConsumer(gate: ContractGate): ConsumerDefinition<TenancyDb> {
  return consumer<TenancyDb>({
    durable: "tenancy-contracts",
    on: [ContractOfferedSchema, ContractAcceptedSchema].map((schema) =>
      onExternal<TenancyDb, typeof schema>(schema, async ({ tenantId }) => {
        if (tenantId) await gate.tell(tenantId);
        return ok();
      }),
    ),
  });
}
