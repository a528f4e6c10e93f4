import { ActivityScreen } from "../../../../../screens/Activity.tsx";

export const metadata = { title: "Activity" };

export default async function Route({ params }: { params: Promise<{ tenant: string; ref: string }> }) {
  const { tenant, ref } = await params;
  return <ActivityScreen tenantOf={tenant} refOf={ref} />;
}
