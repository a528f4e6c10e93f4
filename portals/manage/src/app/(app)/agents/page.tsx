import { AgentsScreen } from "../../../screens/Agents.tsx";

export const metadata = { title: "Agents" };

export default function Route() {
  return <AgentsScreen />;
}
