import { Ahead } from "@leadmetrics/web/ahead";
import { KnowledgeScreen } from "../../../screens/Knowledge.tsx";

export const metadata = { title: "Knowledge" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/files?pageSize=200", "/tenant/v1/websites"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <KnowledgeScreen />
    </>
  );
}
