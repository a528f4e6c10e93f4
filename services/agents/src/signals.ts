import { type Nats, onCommit, type Tx } from "@leadmetrics/kit";
import type { AgentsDb } from "./db.ts";
import type { IntakeSignals } from "./runs/intake.ts";

const DISPATCH = "wake.agents.dispatch";
const CANCELLED = "wake.agents.cancelled";

/**
 * Hints between the processes of this service, over plain NATS: lost ones cost a poll interval, never work. Each is a
 * short cut past a loop that would find out by itself.
 */
export interface Signals extends IntakeSignals {
  /** {@link wake} once the transaction has committed. */
  wakeAfter(tx: Tx<AgentsDb>): void;
  onWake(listener: () => void): () => void;
  onCancelled(listener: (runId: string) => void): () => void;
}

export function signalsOver({ nc }: Pick<Nats, "nc">): Signals {
  const publish = (subject: string, text = "") => {
    // A closed connection at shutdown is no news to anybody.
    if (!nc.isClosed()) nc.publish(subject, text);
  };
  const subscribe = (subject: string, listener: (text: string) => void) => {
    const subscription = nc.subscribe(subject, {
      callback: (error, message) => {
        if (!error) listener(message.string());
      },
    });
    return () => subscription.unsubscribe();
  };
  const wake = () => publish(DISPATCH);
  return {
    wakeAfter: (tx) => onCommit(tx, wake),
    wake,
    cancelled: (runId) => publish(CANCELLED, runId),
    onWake: (listener) => subscribe(DISPATCH, listener),
    onCancelled: (listener) => subscribe(CANCELLED, listener),
  };
}
