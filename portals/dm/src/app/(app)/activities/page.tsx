import { ActivitiesScreen } from "../../../screens/Activities.tsx";

export const metadata = { title: "Activities" };

export default function Route() {
  return <ActivitiesScreen />;
}
