import { Ahead } from "@leadmetrics/web/ahead";
import { TeamScreen } from "../../../screens/Team.tsx";

export const metadata = { title: "Team" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/invitations?pageSize=200"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <TeamScreen />
    </>
  );
}
