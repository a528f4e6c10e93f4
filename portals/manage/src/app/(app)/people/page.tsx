import { PeopleScreen } from "../../../screens/People.tsx";

export const metadata = { title: "People" };

export default function Route() {
  return <PeopleScreen />;
}
