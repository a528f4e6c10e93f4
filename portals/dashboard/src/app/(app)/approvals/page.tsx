import { Ahead } from "@leadmetrics/web/ahead";
import { ApprovalsScreen } from "../../../screens/Approvals.tsx";

export const metadata = { title: "Approvals" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/features"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <ApprovalsScreen />
    </>
  );
}
