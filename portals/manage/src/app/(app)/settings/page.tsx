import { SettingsScreen } from "../../../screens/Settings.tsx";

export const metadata = { title: "Settings" };

export default function Route() {
  return <SettingsScreen />;
}
