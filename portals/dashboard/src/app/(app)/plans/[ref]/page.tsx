import { Ahead, p } from "@leadmetrics/web/ahead";
import { PlanScreen } from "../../../../screens/Plan.tsx";

export const metadata = { title: "Plan" };

export default async function Route({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  return (
    <>
      <Ahead
        portal="dashboard"
        of={[
          p`/tenant/v1/plans/${ref}`,
          "/tenant/v1/credits",
          "/tenant/v1/activity-templates",
          "/tenant/v1/channels?pageSize=200",
          "/tenant/v1/goals",
        ]}
      />
      <PlanScreen refOf={ref} />
    </>
  );
}
