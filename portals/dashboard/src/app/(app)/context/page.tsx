import { Ahead } from "@leadmetrics/web/ahead";
import { ContextScreen } from "../../../screens/Context.tsx";

export const metadata = { title: "Client context" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/context", "/tenant/v1/context/versions?pageSize=50"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <ContextScreen />
    </>
  );
}
