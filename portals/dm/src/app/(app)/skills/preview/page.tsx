import { PromptScreen } from "../../../../screens/Prompt.tsx";

export const metadata = { title: "Prompt preview" };

export default function Route() {
  return <PromptScreen />;
}
