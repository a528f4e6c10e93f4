import { SecurityScreen } from "@leadmetrics/web";

export const metadata = { title: "Security" };

export default function Route() {
  return <SecurityScreen />;
}
