import { NewStrategyScreen } from "../../../../screens/NewStrategy.tsx";

export const metadata = { title: "New strategy" };

export default function Route() {
  return <NewStrategyScreen />;
}
