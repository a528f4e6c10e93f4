import { Ahead } from "@leadmetrics/web/ahead";
import { LibraryScreen } from "../../../screens/Library.tsx";

export const metadata = { title: "Content" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/plans?pageSize=50", "/tenant/v1/activities?pageSize=200", "/tenant/v1/features"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <LibraryScreen />
    </>
  );
}
