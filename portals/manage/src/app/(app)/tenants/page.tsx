import { Ahead } from "@leadmetrics/web/ahead";
import { TenantsScreen } from "../../../screens/Tenants.tsx";

export const metadata = { title: "Tenants" };

/** What the page asks for at once. */
const asked = ["/admin/v1/tenants?pageSize=200", "/admin/v1/credits"];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <TenantsScreen />
    </>
  );
}
