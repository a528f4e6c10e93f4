import {
  asService,
  type Counted,
  type ExportPart,
  type Nats,
  type Person,
  type Records,
  type RpcClients,
  type ServiceName,
  type TenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { type RecordStore, RecordsRule, TenantRecordsService } from "@leadmetrics/proto/tenancy/v1/records";
import { COUNT_TIMEOUT_MS } from "../tunables.ts";
import { brokerHolder } from "./broker.ts";

/** Whoever holds something of a tenant. */
export interface Holder {
  /** A service's name, or "broker". */
  readonly name: string;
  count(ctx: TenantCtx, people: readonly Person[]): Promise<Counted[]>;
  /** Erases for a few seconds. `done` when nothing is left. */
  erase(ctx: TenantCtx, people: readonly Person[]): Promise<{ erased: Counted[]; done: boolean }>;
}

/** A holder that can also give out what it holds. */
export interface ServiceHolder extends Holder {
  export(ctx: TenantCtx, after: string): AsyncIterable<ExportPart>;
}

/** In the order of erasing: who works on others' records first, whose people they are last. */
const OTHERS: readonly ServiceName[] = [
  "content",
  "agents",
  "rag",
  "search",
  "notifications",
  "billing",
  "identity",
];

/** Every service; this one is last, because it says who belongs to the tenant. */
export function serviceHolders(rpc: RpcClients, own: Records): ServiceHolder[] {
  return [...OTHERS.map((name) => remote(rpc, name)), { name: "tenancy", ...own }];
}

/** Every service, and the broker, which is emptied when nobody says anything any more. */
export function allHolders(rpc: RpcClients, nats: Nats, own: Records): Holder[] {
  return [...serviceHolders(rpc, own), brokerHolder(nats)];
}

const RULES: Record<RecordsRule, Counted["rule"]> = {
  [RecordsRule.UNSPECIFIED]: "erase",
  [RecordsRule.ERASE]: "erase",
  [RecordsRule.FORGET]: "forget",
  [RecordsRule.KEEP]: "keep",
};

function remote(rpc: RpcClients, name: ServiceName): ServiceHolder {
  const records = rpc.client(TenantRecordsService, name);
  const wire = (people: readonly Person[]) =>
    people.map(({ userId, email }) => ({ userRef: toRef(userId), email }));
  return {
    name,
    async count(ctx, people) {
      const { stores } = await records.countTenantRecords(
        { people: wire(people) },
        { ...asService(ctx), timeoutMs: COUNT_TIMEOUT_MS },
      );
      return stores.map(counted);
    },
    async erase(ctx, people) {
      const { erased, done } = await records.eraseTenantRecords({ people: wire(people) }, asService(ctx));
      return { erased: erased.map(counted), done };
    },
    export: (ctx, after) =>
      records.exportTenantRecords({ after }, { ...asService(ctx), timeoutMs: COUNT_TIMEOUT_MS }),
  };
}

function counted({ name, rule, reason, records }: RecordStore): Counted {
  return { name, rule: RULES[rule], reason, records: Number(records) };
}
