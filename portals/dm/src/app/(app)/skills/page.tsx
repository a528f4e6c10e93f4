import { SkillsScreen } from "../../../screens/Skills.tsx";

export const metadata = { title: "Skills" };

export default function Route() {
  return <SkillsScreen />;
}
