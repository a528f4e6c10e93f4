import { ApprovalsScreen } from "../../../screens/Approvals.tsx";

export const metadata = { title: "Approvals" };

export default function Route() {
  return <ApprovalsScreen />;
}
