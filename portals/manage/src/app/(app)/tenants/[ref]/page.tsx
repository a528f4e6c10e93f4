import { TenantScreen } from "../../../../screens/Tenant.tsx";

export const metadata = { title: "Tenant" };

export default async function Route({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  return <TenantScreen refOf={ref} />;
}
