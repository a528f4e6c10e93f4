import type { Refs } from "./refs.ts";

/** @param password of the caller, for what only they may do */
export type Fill = (refs: Refs, password: string) => Record<string, unknown>;

/** How a method is called for a tenant, as far as its descriptor doesn't tell. */
export interface Fixture {
  /** Fields of the request beside those made from the descriptor. */
  readonly fill?: Fill;
  /** What the rightful caller gets with their own references, when it isn't an answer or a word about its state. */
  readonly own?: string;
  /** Why a reference of another tenant may be named here: it isn't looked up, only kept. */
  readonly unlooked?: string;
  /** Changes the caller's own sessions: only who may not is let near it when roles are tried. */
  readonly onCaller?: true;
  /** Takes something away: called after everything else. */
  readonly last?: true;
}

export const plain: Fixture = {};
/** Secrets that are nobody's: the rightful caller is refused as well. */
export const wrongSecret = (own: string): Fixture => ({ own });

export const deliverables = ({ deliverable, channel, goal }: Refs) => ({
  deliverables: [
    {
      ref: deliverable,
      contentType: 1,
      quantity: 1,
      theme: "Isolation",
      channelRef: channel,
      channelRefs: [channel],
      goalRef: goal,
    },
  ],
});
/** A decision that names its channel. */
export const named = ({ channel }: Refs) => ({ channels: [{ channelRef: channel, approved: true }] });
export const goals = ({ goal }: Refs) => ({
  horizonMonths: 3,
  goals: [{ ref: goal, name: "Isolation", metric: "visits", due: { year: 2027, month: 6, day: 1 } }],
});
/** A website that no name server knows. */
export const nowhere = (field: string): Fixture => ({
  fill: () => ({ [field]: "https://isolation.invalid" }),
});
/** Asks for the caller's password once more. */
export const signed: Fixture = { fill: (_refs, password) => ({ password }) };
/** The ledger keeps whatever run the agents service names. */
export const booking: Fixture = { unlooked: "the run is the word of the service that works on it" };
/** The platform's own people are known to everybody who may assign them. */
export const reviewer: Fixture = { fill: ({ reviewer: userRef }) => ({ userRef }) };

/** Skills are the platform's: who may write them at all may write this one. */
export const tone: Fixture = { fill: () => ({ name: "tone" }) };
