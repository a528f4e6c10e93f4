import { Ahead } from "@leadmetrics/web/ahead";
import { NewPlanScreen } from "../../../../screens/NewPlan.tsx";

export const metadata = { title: "New plan" };

/** What the page asks for at once. */
const asked = [
  "/tenant/v1/channels?pageSize=200",
  "/tenant/v1/goals",
  "/tenant/v1/activity-templates",
  "/tenant/v1/credits",
];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <NewPlanScreen />
    </>
  );
}
