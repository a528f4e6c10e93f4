import { TenantScreen } from "../../../../screens/Tenant.tsx";

export const metadata = { title: "Tenant" };

export default async function Route({ params }: { params: Promise<{ tenant: string }> }) {
  const { tenant } = await params;
  return <TenantScreen tenantOf={tenant} />;
}
