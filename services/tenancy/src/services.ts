import type { Database, Nats, RpcClients, ServedService } from "@leadmetrics/kit";
import type { AuditTrail } from "./audit/port.ts";
import { auditService, deadLettersService } from "./audit/rpc.ts";
import { contextService } from "./context/rpc.ts";
import { ContractGate } from "./contracts/gate.ts";
import { contractsService } from "./contracts/rpc.ts";
import type { TenancyDb } from "./db.ts";
import { Assignments, assignmentsService } from "./members/assignments.ts";
import { membersService } from "./members/rpc.ts";
import { onboardingService } from "./onboarding/rpc.ts";
import { queuesService } from "./queues/rpc.ts";
import { featuresService } from "./settings/features-rpc.ts";
import { settingsService } from "./settings/rpc.ts";
import { SettingsTeller } from "./settings/tell.ts";
import { tenantsService } from "./tenants/rpc.ts";

/** All contracts of the service. */
export function servicesOf({
  db,
  rpc,
  nats,
  trail,
}: {
  db: Database<TenancyDb>;
  rpc: RpcClients;
  nats: Nats;
  trail: AuditTrail;
}): ServedService[] {
  const settings = new SettingsTeller(db, nats);
  return [
    tenantsService(db),
    membersService(db, rpc),
    assignmentsService(db, rpc, new Assignments(db, nats)),
    contextService(db),
    onboardingService(db),
    contractsService(db, new ContractGate(db, nats)),
    auditService(db, trail),
    deadLettersService(db, nats),
    queuesService(nats),
    settingsService(db, settings),
    featuresService(db, settings),
  ];
}
