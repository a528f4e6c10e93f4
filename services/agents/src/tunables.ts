/** Every deadline and size of the service, milliseconds unless said otherwise. */
export const TUNABLES = {
  /** How long a worker may be silent before its run is given to another one. */
  leaseMs: 15_000,
  /** Well within the lease, so that one lost beat costs nothing. */
  beatMs: 4_000,
  /** What a run says is gathered this long before it is written and sent. */
  batchMs: 250,
  /** A provider that sends nothing for as long is given up. */
  idleMs: 90_000,
  /** At most so many tries of a run before it fails. */
  attempts: 4,
  retry: { firstMs: 5_000, factor: 3, capMs: 5 * 60_000 },
  dispatch: {
    /** The longest pause between two looks at the queue; signals make it shorter. */
    pollMs: 1_000,
    /** A dispatcher that died with a run in its hands blocks it for as long. */
    holdMs: 15_000,
    /** Jobs in the stream per worker slot: enough to keep workers busy, few enough that a newcomer waits little. */
    depthPerSlot: 2,
    /** Runs of one tenant that are admitted or working at once, times its weight. */
    tenantActive: 32,
    /** After billing or an adapter's endpoint did not answer. */
    unavailableMs: 5_000,
    /** After runs at work left too little of a cap: until some of them are over. */
    roomMs: 5_000,
  },
  worker: {
    seenMs: 3_000,
    /** A worker that was not seen for as long has no slots. */
    goneMs: 10_000,
    /** How long a free slot waits for a job before it asks again. */
    pullMs: 5_000,
    /** A job that was taken but not acknowledged (the worker died before its claim) goes to another one after it. */
    ackWaitMs: 15_000,
    /** After the broker refused or went away. */
    recoverMs: 500,
    /** What a stopping worker lets its runs go on for before it hands them over. */
    drainMs: 8_000,
  },
  reconcile: {
    everyMs: 2_000,
    /** An admitted run nobody claimed: its job may be lost and is sent again; a second one is harmless. */
    unclaimedMs: 20_000,
    /** Waiting runs are looked at again this often, besides the events that wake them. */
    configMs: 30_000,
    creditsMs: 60_000,
    /** A finished run whose credits are still reserved; longer than a call to billing may take. */
    unsettledMs: 15_000,
    /** Runs looked at in one round. */
    batch: 200,
  },
  /** Tenancy is asked this often for time zones nobody has told of; tenants asked for in one round. */
  zones: { everyMs: 15_000, batch: 100 },
  /** So long an adapter's endpoint may be out of reach before runs go on with the role's next one. */
  patienceMs: 30_000,
  /** How long an adapter's test is believed. */
  health: { goodMs: 5 * 60_000, badMs: 15_000, testMs: 10_000 },
} as const;
