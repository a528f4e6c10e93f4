import { Ahead } from "@leadmetrics/web/ahead";
import { TenantScreen } from "../../../../screens/Tenant.tsx";

export const metadata = { title: "Tenant" };

/** What the page asks for at once. */
const asked = ["/admin/v1/tenants?pageSize=200"];

export default async function Route({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <TenantScreen refOf={ref} />
    </>
  );
}
