"use client";
import { toast, undoable } from "@leadmetrics/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { asApiError } from "../api/errors.ts";
import { useMe } from "../app/useMe.tsx";

/** Items decided in the last ten seconds: gone from the lists, though the call has not been sent. */
let waiting: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function change(ref: string, inside: boolean): void {
  const next = new Set(waiting);
  if (inside) next.add(ref);
  else next.delete(ref);
  waiting = next;
  for (const listener of listeners) listener();
}

const empty: ReadonlySet<string> = new Set();

/** The items whose decision can still be taken back. */
export function useUndecided(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => waiting,
    () => empty,
  );
}

/** Decides now, sends in ten seconds, unless undone; a refusal brings the item back and says why. */
export function useDecide() {
  const client = useQueryClient();
  const looks = Boolean(useMe()?.impersonation);
  return useCallback(
    (decision: { ref: string | readonly string[]; message: string; send: () => Promise<unknown> }) => {
      const refused = (cause: unknown) => toast(asApiError(cause).message, { tone: "bad", lastsMs: 9000 });
      // Refused anyhow: nothing is shown as done that won't be.
      if (looks) return void decision.send().catch(refused);
      const refs = typeof decision.ref === "string" ? [decision.ref] : decision.ref;
      const undecide = () => {
        for (const ref of refs) change(ref, false);
      };
      for (const ref of refs) change(ref, true);
      undoable({
        message: decision.message,
        onUndo: undecide,
        commit: () => {
          decision
            .send()
            .catch(refused)
            .then(() =>
              Promise.all(
                ["approvals", "queue", "activities"].map((key) =>
                  client.invalidateQueries({ queryKey: [key] }),
                ),
              ),
            )
            .finally(undecide);
        },
      });
    },
    [client, looks],
  );
}
