import { Ahead, p } from "@leadmetrics/web/ahead";
import { TenantScreen } from "../../../../screens/Tenant.tsx";

export const metadata = { title: "Tenant" };

export default async function Route({ params }: { params: Promise<{ tenant: string }> }) {
  const { tenant } = await params;
  return (
    <>
      <Ahead
        portal="dm"
        of={[
          p`/dm/v1/tenants/${tenant}/context`,
          p`/dm/v1/tenants/${tenant}/plans?pageSize=50`,
          p`/dm/v1/tenants/${tenant}/activities?pageSize=100`,
          p`/dm/v1/tenants/${tenant}/files?pageSize=100`,
        ]}
      />
      <TenantScreen tenantOf={tenant} />
    </>
  );
}
