import { QueueScreen } from "../../../screens/Queue.tsx";

export const metadata = { title: "Review queue" };

export default function Route() {
  return <QueueScreen />;
}
