import { CostsScreen } from "../../../screens/Costs.tsx";

export const metadata = { title: "Costs" };

export default function Route() {
  return <CostsScreen />;
}
