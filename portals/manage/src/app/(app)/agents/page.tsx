import { Ahead } from "@leadmetrics/web/ahead";
import { AgentsScreen } from "../../../screens/Agents.tsx";

export const metadata = { title: "Agents" };

/** What the page asks for at once. */
const asked = ["/admin/v1/roles", "/admin/v1/runs/figures?days=14&groupBy=role"];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <AgentsScreen />
    </>
  );
}
