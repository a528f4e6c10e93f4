import { Ahead } from "@leadmetrics/web/ahead";
import { CalendarPage } from "../../../screens/CalendarPage.tsx";

export const metadata = { title: "Calendar" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/features"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <CalendarPage />
    </>
  );
}
