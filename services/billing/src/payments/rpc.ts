import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Database,
  errors,
  fromRef,
  type Id,
  type ServedService,
  service,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { PaymentsService, TopUpStatus } from "@leadmetrics/proto/billing/v1/payments";
import type { BillingDb, TopUpRow } from "../db.ts";
import type { PaymentProvider } from "./port.ts";
import { insertTopUp, setProviderRef, takeEvent } from "./store.ts";

/** Buying credits. */
export function paymentsService(db: Database<BillingDb>, provider: PaymentProvider): ServedService {
  return service(PaymentsService, {
    async createTopUp({ credits }, hc) {
      const ctx = tenantCtx(hc);
      const { name } = provider;
      // Written down first: an order that the provider has opened is never unknown to us.
      const row = await db.withTenant(ctx, (tx) => insertTopUp(tx, ctx, { provider: name, credits }));
      const receipt = toRef(row.id as Id);
      const order = { receipt, amountMinor: row.amount_minor, currency: row.currency };
      const orderRef = await provider.openOrder(order, ctx.signal);
      const opened = await db.withTenant(ctx, (tx) => setProviderRef(tx, row.id, orderRef));
      return { topUp: view(opened, provider) };
    },

    async getTopUp({ topUpRef }, hc) {
      const id = fromRef(topUpRef, "top-up");
      const row = await db.withTenant(
        tenantCtx(hc),
        (tx) => tx.selectFrom("top_up").selectAll().where("id", "=", id).executeTakeFirst(),
        { readOnly: true },
      );
      if (!row) throw errors.notFound("top-up");
      return { topUp: view(row, provider) };
    },

    async receivePaymentEvent(request) {
      if (request.provider !== provider.name) throw errors.notFound("payment provider");
      const event = provider.readEvent(request.body, request.signature);
      await takeEvent(db, provider.name, request.eventId, event);
      return {};
    },
  });
}

const STATUSES = { open: TopUpStatus.OPEN, paid: TopUpStatus.PAID } as const;

function view(row: TopUpRow, provider: PaymentProvider) {
  return {
    ref: toRef(row.id as Id),
    credits: BigInt(row.credits),
    price: { minorUnits: BigInt(row.amount_minor), currency: row.currency },
    status: STATUSES[row.status],
    provider: row.provider,
    providerOrderRef: row.provider_ref ?? "",
    providerPublicKey: provider.publicKey,
    createdOn: timestampFromDate(row.created_on),
    paidOn: row.paid_on ? timestampFromDate(row.paid_on) : undefined,
  };
}
