import { TeamScreen } from "../../../screens/Team.tsx";

export const metadata = { title: "Team" };

export default function Route() {
  return <TeamScreen />;
}
