import { notFound } from "next/navigation";
import { Gallery } from "../../gallery/Gallery.tsx";

export const metadata = { title: "Components" };

/** Every component in every state, for those who build with them: the local runner shows it, nothing else does. */
export default function Route() {
  if (process.env.NODE_ENV === "production" && process.env.GALLERY !== "on") notFound();
  return <Gallery />;
}
