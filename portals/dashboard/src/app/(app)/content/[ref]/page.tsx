import { Ahead, p } from "@leadmetrics/web/ahead";
import { ItemScreen } from "../../../../screens/Item.tsx";

export const metadata = { title: "Content" };

export default async function Route({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  return (
    <>
      <Ahead
        portal="dashboard"
        of={[p`/tenant/v1/activities/${ref}`, p`/tenant/v1/activities/${ref}/comments?pageSize=200`]}
      />
      <ItemScreen refOf={ref} />
    </>
  );
}
