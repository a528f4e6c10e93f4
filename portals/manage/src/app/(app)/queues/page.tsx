import { Ahead } from "@leadmetrics/web/ahead";
import { QueuesScreen } from "../../../screens/Queues.tsx";

export const metadata = { title: "Queues" };

/** What the page asks for at once. */
const asked = ["/admin/v1/queues"];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <QueuesScreen />
    </>
  );
}
