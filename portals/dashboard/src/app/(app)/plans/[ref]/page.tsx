import { PlanScreen } from "../../../../screens/Plan.tsx";

export const metadata = { title: "Plan" };

export default async function Route({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  return <PlanScreen refOf={ref} />;
}
