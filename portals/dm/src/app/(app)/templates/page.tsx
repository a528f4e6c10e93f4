import { Ahead } from "@leadmetrics/web/ahead";
import { TemplatesScreen } from "../../../screens/Templates.tsx";

export const metadata = { title: "Templates" };

/** What the page asks for at once. */
const asked = ["/dm/v1/templates", "/dm/v1/roles"];

export default function Route() {
  return (
    <>
      <Ahead portal="dm" of={asked} />
      <TemplatesScreen />
    </>
  );
}
