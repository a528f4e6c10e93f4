import { FindActivity } from "../../../../screens/FindActivity.tsx";

export const metadata = { title: "Activity" };

export default async function Route({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  return <FindActivity refOf={ref} />;
}
