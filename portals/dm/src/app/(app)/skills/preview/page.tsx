import { Ahead } from "@leadmetrics/web/ahead";
import { PromptScreen } from "../../../../screens/Prompt.tsx";

export const metadata = { title: "Prompt preview" };

/** What the page asks for at once. */
const asked = ["/dm/v1/roles"];

export default function Route() {
  return (
    <>
      <Ahead portal="dm" of={asked} />
      <PromptScreen />
    </>
  );
}
