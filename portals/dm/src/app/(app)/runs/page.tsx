import { Ahead } from "@leadmetrics/web/ahead";
import { RunsScreen } from "../../../screens/Runs.tsx";

export const metadata = { title: "Live runs" };

/** What the page asks for at once. */
const asked = ["/dm/v1/runs?pageSize=100"];

export default function Route() {
  return (
    <>
      <Ahead portal="dm" of={asked} />
      <RunsScreen />
    </>
  );
}
