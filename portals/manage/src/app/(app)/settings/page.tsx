import { Ahead } from "@leadmetrics/web/ahead";
import { SettingsScreen } from "../../../screens/Settings.tsx";

export const metadata = { title: "Settings" };

/** What the page asks for at once. */
const asked = ["/admin/v1/settings", "/admin/v1/features", "/admin/v1/users?pageSize=200"];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <SettingsScreen />
    </>
  );
}
