import { Ahead } from "@leadmetrics/web/ahead";
import { SkillsScreen } from "../../../screens/Skills.tsx";

export const metadata = { title: "Skills" };

/** What the page asks for at once. */
const asked = ["/dm/v1/skills"];

export default function Route() {
  return (
    <>
      <Ahead portal="dm" of={asked} />
      <SkillsScreen />
    </>
  );
}
