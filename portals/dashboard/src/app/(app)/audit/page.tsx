import { Ahead } from "@leadmetrics/web/ahead";
import { AuditScreen } from "../../../screens/Audit.tsx";

export const metadata = { title: "Audit trail" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/audit?pageSize=50"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <AuditScreen />
    </>
  );
}
