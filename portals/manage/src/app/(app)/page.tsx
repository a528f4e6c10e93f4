import { Ahead } from "@leadmetrics/web/ahead";
import { OverviewScreen } from "../../screens/Overview.tsx";

export const metadata = { title: "Overview" };

/** What the page asks for at once. */
const asked = [
  "/admin/v1/runs/figures?days=14",
  "/admin/v1/work/figures?days=14",
  "/admin/v1/work/troubles",
  "/admin/v1/runs?status=awaiting_credits&pageSize=200",
  "/admin/v1/runs?status=awaiting_config&pageSize=200",
  "/admin/v1/credits",
  "/admin/v1/budgets/standings",
  "/admin/v1/tenants?pageSize=200",
  "/admin/v1/health",
];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <OverviewScreen />
    </>
  );
}
