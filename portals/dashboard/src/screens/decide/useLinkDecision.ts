"use client";
import { type ChannelDecision, clientActions } from "@leadmetrics/web";
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

  const decide = (approved: boolean, channels?: ChannelDecision[]) => {
    const send = () => {
      clearTimeout(pending.current?.timer);
      pending.current = undefined;
      clientActions
        .decideByLink({ token, approved, note: approved ? "" : note.trim(), channels })
        .then((answer) => setState({ at: "sent", approved: answer.approved }))
        .catch((cause: unknown) => setState({ at: "failed", cause }));
    };
    pending.current = { timer: setTimeout(send, UNDO_MS), send };
    setState({ at: "waiting", approved: approved && (channels?.some((one) => one.approved) ?? true) });
  };

  return {
    state,
    note,
    setNote,
    /** A yes for all channels, or for those it names. */
    approve: (channels: ChannelDecision[] | undefined) => decide(true, channels),
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
