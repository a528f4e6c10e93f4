import { errors } from "@leadmetrics/kit";
import type { PaymentProvider } from "./port.ts";

/** Nobody pays online: a super admin grants what was paid for in another way. */
export const manual: PaymentProvider = {
  name: "manual",
  publicKey: "",
  async openOrder() {
    throw errors.conflict(
      "payments_manual",
      "Credits can't be paid for online here. Ask your account manager, who adds them by hand.",
      {},
    );
  },
  readEvent() {
    throw errors.notFound("payment provider");
  },
};
