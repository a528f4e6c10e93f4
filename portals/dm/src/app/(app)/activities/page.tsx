import { Ahead } from "@leadmetrics/web/ahead";
import { ActivitiesScreen } from "../../../screens/Activities.tsx";

export const metadata = { title: "Activities" };

/** What the page asks for at once. */
const asked = ["/dm/v1/saved-filters"];

export default function Route() {
  return (
    <>
      <Ahead portal="dm" of={asked} />
      <ActivitiesScreen />
    </>
  );
}
