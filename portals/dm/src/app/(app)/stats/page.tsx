import { StatsScreen } from "../../../screens/Stats.tsx";

export const metadata = { title: "My stats" };

export default function Route() {
  return <StatsScreen />;
}
