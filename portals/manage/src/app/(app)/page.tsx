import { OverviewScreen } from "../../screens/Overview.tsx";

export const metadata = { title: "Overview" };

export default function Route() {
  return <OverviewScreen />;
}
