import { Ahead } from "@leadmetrics/web/ahead";
import { PausesScreen } from "../../../screens/Pauses.tsx";

export const metadata = { title: "Pauses" };

/** What the page asks for at once. */
const asked = ["/admin/v1/tenants?pageSize=200", "/admin/v1/roles"];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <PausesScreen />
    </>
  );
}
