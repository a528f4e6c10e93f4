import { ItemScreen } from "../../../../screens/Item.tsx";

export const metadata = { title: "Content" };

export default async function Route({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  return <ItemScreen refOf={ref} />;
}
