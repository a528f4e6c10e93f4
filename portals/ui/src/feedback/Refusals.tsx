import type { ReactNode } from "react";
import { EmptyState } from "./EmptyState.tsx";

/** A person may not see this: what it is, and who can change that. */
export function NoPermission({ what, askWhom }: { what?: string; askWhom?: ReactNode }) {
  return (
    <EmptyState icon="lock" title={what ?? "Your role does not show you this"}>
      {askWhom ?? "Ask an owner or admin to give you a role that does. Nothing here is lost in the meantime."}
    </EmptyState>
  );
}

/** What was asked for isn't there, or isn't this person's: both are said the same way. */
export function NotThere({ what = "This", action }: { what?: string; action?: ReactNode }) {
  return (
    <EmptyState icon="search-x" title={`${what} is not here`} action={action}>
      It may have been removed, or it is not yours to see. The list it came from shows what is there now.
    </EmptyState>
  );
}
