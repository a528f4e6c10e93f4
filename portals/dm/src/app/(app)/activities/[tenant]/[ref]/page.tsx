import { Ahead, p } from "@leadmetrics/web/ahead";
import { ActivityScreen } from "../../../../../screens/Activity.tsx";

export const metadata = { title: "Activity" };

export default async function Route({ params }: { params: Promise<{ tenant: string; ref: string }> }) {
  const { tenant, ref } = await params;
  return (
    <>
      <Ahead
        portal="dm"
        of={[
          p`/dm/v1/tenants/${tenant}/activities/${ref}`,
          p`/dm/v1/tenants/${tenant}/members?pageSize=200`,
          p`/dm/v1/tenants/${tenant}/context`,
          p`/dm/v1/tenants/${tenant}/activities/${ref}/comments?pageSize=200`,
        ]}
      />
      <ActivityScreen tenantOf={tenant} refOf={ref} />
    </>
  );
}
