import { Ahead } from "@leadmetrics/web/ahead";
import { CostsScreen } from "../../../screens/Costs.tsx";

export const metadata = { title: "Costs" };

/** What the page asks for at once. */
const asked = ["/admin/v1/runs/figures?days=14&groupBy=tenant", "/admin/v1/tenants?pageSize=200"];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <CostsScreen />
    </>
  );
}
