import { Ahead } from "@leadmetrics/web/ahead";
import { SettingsScreen } from "../../../screens/Settings.tsx";

export const metadata = { title: "Settings" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/client-review", "/tenant/v1/channels?pageSize=200", "/tenant/v1/preferences"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <SettingsScreen />
    </>
  );
}
