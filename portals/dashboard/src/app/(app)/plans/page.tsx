import { PlansScreen } from "../../../screens/Plans.tsx";

export const metadata = { title: "Plans" };

export default function Route() {
  return <PlansScreen />;
}
