import { CreditsService, SubscriptionsService } from "@leadmetrics/proto/billing/v1/credits";
import { PaymentsService } from "@leadmetrics/proto/billing/v1/payments";
import { StandingsService } from "@leadmetrics/proto/billing/v1/standings";
import type { RouteGroups } from "../route.ts";

export const billingRoutes: RouteGroups = {
  readings: [
    {
      method: "GET",
      path: "/credits",
      rpc: CreditsService.method.getBalance,
      target: "billing",
      unwrap: "balance",
      summary: "Credits",
    },
  ],
  tenant: [
    {
      method: "GET",
      path: "/credits/entries",
      rpc: CreditsService.method.listCreditEntries,
      target: "billing",
      list: "entries",
      summary: "The credit ledger",
    },
    {
      method: "GET",
      path: "/top-ups/:topUpRef",
      rpc: PaymentsService.method.getTopUp,
      target: "billing",
      unwrap: "topUp",
      summary: "Whether credits were paid",
    },
    {
      method: "POST",
      path: "/top-ups",
      rpc: PaymentsService.method.createTopUp,
      target: "billing",
      unwrap: "topUp",
      summary: "Buy credits",
    },
    {
      method: "GET",
      path: "/subscription",
      rpc: SubscriptionsService.method.getSubscription,
      target: "billing",
      unwrap: "subscription",
      summary: "What my company has subscribed to",
    },
  ],
  admin: [
    {
      method: "POST",
      path: "/tenants/:tenantRef/credits",
      rpc: CreditsService.method.grantCredits,
      target: "billing",
      unwrap: "balance",
      summary: "Grant credits",
    },
    {
      method: "GET",
      path: "/credits",
      rpc: StandingsService.method.listStandings,
      target: "billing",
      list: "standings",
      summary: "How all tenants stand",
    },
    {
      method: "GET",
      path: "/tenants/:tenantRef/credits",
      rpc: CreditsService.method.getBalance,
      target: "billing",
      unwrap: "balance",
      summary: "A tenant's credits",
    },
    {
      method: "GET",
      path: "/tenants/:tenantRef/subscription",
      rpc: SubscriptionsService.method.getSubscription,
      target: "billing",
      unwrap: "subscription",
      summary: "What a tenant has subscribed to",
    },
    {
      method: "PUT",
      path: "/tenants/:tenantRef/subscription",
      rpc: SubscriptionsService.method.changeSubscription,
      target: "billing",
      unwrap: "subscription",
      summary: "Change a tenant's plan",
    },
    {
      method: "GET",
      path: "/offerings",
      rpc: SubscriptionsService.method.listOfferings,
      target: "billing",
      list: "offerings",
      summary: "Plans there are",
    },
  ],
};
