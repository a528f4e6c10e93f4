import { SkillsScreen } from "../../../../screens/Skills.tsx";

export const metadata = { title: "Skill" };

export default async function Route({ params }: { params: Promise<{ name: string }> }) {
  return <SkillsScreen name={(await params).name} />;
}
