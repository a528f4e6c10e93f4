import { CalendarScreen } from "../../../screens/Calendar.tsx";

export const metadata = { title: "Calendar" };

export default function Route() {
  return <CalendarScreen />;
}
