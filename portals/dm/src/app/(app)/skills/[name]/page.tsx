import { Ahead, p } from "@leadmetrics/web/ahead";
import { SkillsScreen } from "../../../../screens/Skills.tsx";

export const metadata = { title: "Skill" };

export default async function Route({ params }: { params: Promise<{ name: string }> }) {
  const { name } = await params;
  return (
    <>
      <Ahead portal="dm" of={["/dm/v1/skills", p`/dm/v1/skills/${name}`]} />
      <SkillsScreen name={name} />
    </>
  );
}
