import { PausesScreen } from "../../../screens/Pauses.tsx";

export const metadata = { title: "Pauses" };

export default function Route() {
  return <PausesScreen />;
}
