import { Ahead } from "@leadmetrics/web/ahead";
import { PeopleScreen } from "../../../screens/People.tsx";

export const metadata = { title: "People" };

/** What the page asks for at once. */
const asked = ["/admin/v1/impersonations?live=true&pageSize=20", "/admin/v1/users?pageSize=200"];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <PeopleScreen />
    </>
  );
}
