import { NewPlanScreen } from "../../../../screens/NewPlan.tsx";

export const metadata = { title: "New plan" };

export default function Route() {
  return <NewPlanScreen />;
}
