import { Ahead } from "@leadmetrics/web/ahead";
import { PlansScreen } from "../../../screens/Plans.tsx";

export const metadata = { title: "Plans" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/plans?pageSize=50"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <PlansScreen />
    </>
  );
}
