import { Ahead } from "@leadmetrics/web/ahead";
import { QueueScreen } from "../../../screens/Queue.tsx";

export const metadata = { title: "Review queue" };

/** What the page asks for at once. */
const asked = ["/dm/v1/saved-filters", "/dm/v1/claims", "/dm/v1/queue?pageSize=100"];

export default function Route() {
  return (
    <>
      <Ahead portal="dm" of={asked} />
      <QueueScreen />
    </>
  );
}
