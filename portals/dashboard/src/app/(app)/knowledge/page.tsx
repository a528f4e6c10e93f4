import { KnowledgeScreen } from "../../../screens/Knowledge.tsx";

export const metadata = { title: "Knowledge" };

export default function Route() {
  return <KnowledgeScreen />;
}
