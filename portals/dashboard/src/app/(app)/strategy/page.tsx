import { StrategiesScreen } from "../../../screens/Strategies.tsx";

export const metadata = { title: "Strategy" };

export default function Route() {
  return <StrategiesScreen />;
}
