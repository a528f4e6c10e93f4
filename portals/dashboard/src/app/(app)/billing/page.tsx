import { BillingScreen } from "../../../screens/Billing.tsx";

export const metadata = { title: "Credits" };

export default function Route() {
  return <BillingScreen />;
}
