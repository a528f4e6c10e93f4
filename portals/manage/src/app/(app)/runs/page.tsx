import { RunsScreen } from "../../../screens/Runs.tsx";

export const metadata = { title: "Runs" };

export default function Route() {
  return <RunsScreen />;
}
