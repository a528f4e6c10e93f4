import { NotificationsScreen } from "@leadmetrics/web";

export const metadata = { title: "Notifications" };

export default function Route() {
  return <NotificationsScreen portal="dm" />;
}
