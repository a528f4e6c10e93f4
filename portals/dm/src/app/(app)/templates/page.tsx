import { TemplatesScreen } from "../../../screens/Templates.tsx";

export const metadata = { title: "Templates" };

export default function Route() {
  return <TemplatesScreen />;
}
