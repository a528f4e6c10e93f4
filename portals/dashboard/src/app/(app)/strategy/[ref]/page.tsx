import { Ahead, p } from "@leadmetrics/web/ahead";
import { StrategyScreen } from "../../../../screens/Strategy.tsx";

export const metadata = { title: "Strategy" };

export default async function Route({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  return (
    <>
      <Ahead portal="dashboard" of={[p`/tenant/v1/strategies/${ref}`, "/tenant/v1/goals"]} />
      <StrategyScreen refOf={ref} />
    </>
  );
}
