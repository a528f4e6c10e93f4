import { ContextScreen } from "../../../screens/Context.tsx";

export const metadata = { title: "Client context" };

export default function Route() {
  return <ContextScreen />;
}
