import { Ahead } from "@leadmetrics/web/ahead";
import { AuditScreen } from "../../../screens/Audit.tsx";

export const metadata = { title: "Audit trail" };

/** What the page asks for at once. */
const asked = ["/admin/v1/tenants?pageSize=200", "/admin/v1/users?pageSize=200"];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <AuditScreen />
    </>
  );
}
