import { RunsScreen } from "../../../screens/Runs.tsx";

export const metadata = { title: "Live runs" };

export default function Route() {
  return <RunsScreen />;
}
