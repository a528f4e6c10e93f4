import { LibraryScreen } from "../../../screens/Library.tsx";

export const metadata = { title: "Content" };

export default function Route() {
  return <LibraryScreen />;
}
