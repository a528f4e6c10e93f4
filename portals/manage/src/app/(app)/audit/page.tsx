import { AuditScreen } from "../../../screens/Audit.tsx";

export const metadata = { title: "Audit trail" };

export default function Route() {
  return <AuditScreen />;
}
