import { acceptDraft } from "./drafts.ts";
import type { Role } from "./role.ts";

/** What the result of a role is, so that it is only put where that is wanted. */
export function makesOf(role: Pick<Role, "accept" | "output">): "draft" | "notes" | "data" {
  if (role.output.kind === "object") return "data";
  return role.accept === acceptDraft ? "draft" : "notes";
}
