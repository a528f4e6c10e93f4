import { DeadLettersScreen } from "../../../screens/DeadLetters.tsx";

export const metadata = { title: "Dead letters" };

export default function Route() {
  return <DeadLettersScreen />;
}
