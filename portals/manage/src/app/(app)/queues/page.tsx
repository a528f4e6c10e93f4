import { QueuesScreen } from "../../../screens/Queues.tsx";

export const metadata = { title: "Queues" };

export default function Route() {
  return <QueuesScreen />;
}
