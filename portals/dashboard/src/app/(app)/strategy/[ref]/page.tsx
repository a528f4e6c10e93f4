import { StrategyScreen } from "../../../../screens/Strategy.tsx";

export const metadata = { title: "Strategy" };

export default async function Route({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  return <StrategyScreen refOf={ref} />;
}
