import { Ahead } from "@leadmetrics/web/ahead";
import { RunsScreen } from "../../../screens/Runs.tsx";

export const metadata = { title: "Runs" };

/** What the page asks for at once. */
const asked = ["/admin/v1/runs?pageSize=200", "/admin/v1/tenants?pageSize=200"];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <RunsScreen />
    </>
  );
}
