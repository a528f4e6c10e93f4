import { Ahead } from "@leadmetrics/web/ahead";
import { StrategiesScreen } from "../../../screens/Strategies.tsx";

export const metadata = { title: "Strategy" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/strategies?pageSize=50", "/tenant/v1/goals"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <StrategiesScreen />
    </>
  );
}
