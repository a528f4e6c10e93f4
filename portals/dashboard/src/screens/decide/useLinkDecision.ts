"use client";
import { clientActions } from "@leadmetrics/web";
import { useEffect, useRef, useState } from "react";

type State =
  | { at: "reading" }
  | { at: "note" }
  | { at: "waiting"; approved: boolean }
  | { at: "sent"; approved: boolean }
  | { at: "failed"; cause: unknown };

/** Milliseconds in which a decision can be taken back; leaving the page sends it. */
const UNDO_MS = 10_000;

/** The one decision of a mailed link. */
export function useLinkDecision(token: string) {
  const [state, setState] = useState<State>({ at: "reading" });
  const [note, setNote] = useState("");
  const pending = useRef<{ timer: ReturnType<typeof setTimeout>; send: () => void } | undefined>(undefined);

  useEffect(() => {
    const leave = () => pending.current?.send();
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, []);

  const decide = (approved: boolean) => {
    const send = () => {
      clearTimeout(pending.current?.timer);
      pending.current = undefined;
      clientActions
        .decideByLink({ token, approved, note: approved ? "" : note.trim() })
        .then(() => setState({ at: "sent", approved }))
        .catch((cause: unknown) => setState({ at: "failed", cause }));
    };
    pending.current = { timer: setTimeout(send, UNDO_MS), send };
    setState({ at: "waiting", approved });
  };

  return {
    state,
    note,
    setNote,
    approve: () => decide(true),
    askNote: () => setState({ at: "note" }),
    back: () => setState({ at: "reading" }),
    reject: () => decide(false),
    undo: () => {
      clearTimeout(pending.current?.timer);
      pending.current = undefined;
      setState({ at: "reading" });
    },
  };
}
