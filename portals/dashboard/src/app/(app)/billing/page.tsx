import { Ahead } from "@leadmetrics/web/ahead";
import { BillingScreen } from "../../../screens/Billing.tsx";

export const metadata = { title: "Credits" };

/** What the page asks for at once. */
const asked = [
  "/tenant/v1/runs?status=awaiting_credits&pageSize=50",
  "/tenant/v1/budgets",
  "/tenant/v1/credits/entries?pageSize=50",
  "/tenant/v1/runs?pageSize=50",
  "/tenant/v1/credits",
  "/tenant/v1/subscription",
];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <BillingScreen />
    </>
  );
}
