import { redirect } from "next/navigation";

/** The queue is where a reviewer starts. */
export default function Route() {
  redirect("/queue");
}
