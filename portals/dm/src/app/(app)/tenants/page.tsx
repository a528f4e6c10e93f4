import { TenantsScreen } from "../../../screens/Tenants.tsx";

export const metadata = { title: "Tenants" };

export default function Route() {
  return <TenantsScreen />;
}
