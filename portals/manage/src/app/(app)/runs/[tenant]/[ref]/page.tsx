import { RunScreen } from "../../../../../screens/Run.tsx";

export const metadata = { title: "Run" };

export default async function Route({ params }: { params: Promise<{ tenant: string; ref: string }> }) {
  const { tenant, ref } = await params;
  return <RunScreen tenantRef={tenant} runRef={ref} />;
}
