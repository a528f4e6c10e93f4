import { HomeScreen } from "../../screens/Home.tsx";

export const metadata = { title: "Home" };

export default function Route() {
  return <HomeScreen />;
}
