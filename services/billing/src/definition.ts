import { asTenantId, consumer, forTenant, ok, on, type ServiceDefinition, schedule } from "@leadmetrics/kit";
import { TenantCreatedSchema, TenantUpdatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { config } from "./config.ts";
import { creditsService } from "./credits/rpc.ts";
import { standingsService } from "./credits/standings.ts";
import type { BillingDb } from "./db.ts";
import { paymentProvider } from "./payments/index.ts";
import { paymentsService } from "./payments/rpc.ts";
import { billingRecords, retentionSchedule } from "./retention/records.ts";
import { subscriptionsService } from "./subscriptions/rpc.ts";
import { openAccount, renewDue } from "./subscriptions/store.ts";

/** How often due renewals are looked for, milliseconds. */
const RENEWAL_EVERY_MS = 60_000;

/** The service without its configuration. */
export const service: Omit<ServiceDefinition<BillingDb, typeof config>, "config"> = {
  name: "billing",
  migrations: new URL("../migrations/", import.meta.url),
  rpc: ({ db, config }) => [
    creditsService(db),
    standingsService(db),
    subscriptionsService(db),
    paymentsService(db, paymentProvider(config)),
    billingRecords(db),
  ],
  consumers: ({ config: { DEFAULT_PLAN } }) => [
    consumer<BillingDb>({
      durable: "billing-tenants",
      on: [
        on(TenantCreatedSchema, async (event, { tx, ctx }) => {
          if (!event.tenantId) return ok();
          await openAccount(tx, forTenant(ctx, asTenantId(event.tenantId)), {
            planCode: DEFAULT_PLAN,
            timeZone: event.data.timeZone || "UTC",
            now: new Date(),
          });
          return ok();
        }),
        on(TenantUpdatedSchema, async (event, { tx }) => {
          if (event.data.timeZone) {
            await tx.updateTable("credit_account").set({ time_zone: event.data.timeZone }).execute();
          }
          return ok();
        }),
      ],
    }),
  ],
  schedules: () => [
    retentionSchedule,
    schedule<BillingDb>({
      name: "billing-renewals",
      every: RENEWAL_EVERY_MS,
      run: async ({ db, signal }) => {
        await renewDue(db, new Date(), signal);
      },
    }),
  ],
};
