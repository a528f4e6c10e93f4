import { PersonScreen } from "../../../../screens/Person.tsx";

export const metadata = { title: "Person" };

export default async function Route({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  return <PersonScreen userRef={ref} />;
}
