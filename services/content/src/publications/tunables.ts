/** Every number of publishing; milliseconds unless the name says otherwise. */
export const TUNABLES = {
  /** How often due publications are looked for. */
  pollMs: 500,
  /** Publications taken at a time. */
  batch: 20,
  /** A sender that hasn't beaten for this long is gone. */
  leaseMs: 15_000,
  /** Well within the lease, so that one lost beat costs nothing. */
  beatMs: 4_000,
  /** Pauses before each look-up of an unconfirmed one; a site may go on working for a while after its caller has left. */
  lookupPausesMs: [3_000, 10_000, 45_000],
  /** Look-ups that got no answer before a person has to decide. */
  lookupsBeforePerson: 10,
  /** When a publication is tried that waits for a person, or is not to go out at all. */
  never: new Date("9999-01-01"),
  /** Tries of a channel that asks to come back later. */
  maxAttempts: 12,
} as const;
