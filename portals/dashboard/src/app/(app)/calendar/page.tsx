import { CalendarPage } from "../../../screens/CalendarPage.tsx";

export const metadata = { title: "Calendar" };

export default function Route() {
  return <CalendarPage />;
}
