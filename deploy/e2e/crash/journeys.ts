/** Where each process is killed in turn, once at each place, while the main job of a few companies goes through. */
export interface Journey {
  readonly title: string;
  /** Only when everything is asked for: it kills at the same places, in every service at each of them. */
  readonly thorough?: true;
  readonly kills: Readonly<Record<string, readonly string[]>>;
}

/**
 * Before and after each side effect of each step. The kit's own places (an event taken, sent and marked; a message received,
 * handled and committed) come up in every service that has them, the others where their step is.
 */
export const JOURNEYS: readonly Journey[] = [
  {
    title: "events on their way out and in, and companies that sign up meanwhile",
    kills: {
      identity: ["outbox.taken", "outbox.published", "outbox.marked"],
      tenancy: ["consumer.received", "outbox.published", "consumer.committed"],
      content: ["outbox.taken", "consumer.handled", "outbox.published"],
      agents: ["consumer.received", "outbox.marked", "consumer.committed"],
      billing: ["consumer.handled", "outbox.published"],
      search: ["consumer.received", "consumer.handled", "consumer.committed"],
      notifications: ["consumer.received", "notifications.mail.claimed", "consumer.committed"],
      rag: ["rag.ingest.embedded", "outbox.taken"],
    },
  },
  {
    title: "events on their way out, and companies that sign up meanwhile",
    thorough: true,
    kills: {
      identity: ["outbox.taken", "outbox.published", "outbox.marked"],
      tenancy: ["outbox.taken", "outbox.published", "outbox.marked"],
      content: ["outbox.taken", "outbox.published", "outbox.marked"],
      agents: ["outbox.taken", "outbox.published", "outbox.marked"],
      billing: ["outbox.taken", "outbox.published"],
      rag: ["outbox.taken", "outbox.published", "outbox.marked"],
      notifications: ["outbox.taken", "outbox.published", "outbox.marked"],
    },
  },
  {
    title: "events on their way in, and companies that sign up meanwhile",
    thorough: true,
    kills: {
      // Its consumers have no transaction of their own around them.
      tenancy: ["consumer.received", "consumer.committed"],
      content: ["consumer.received", "consumer.handled", "consumer.committed", "content.publish.stored"],
      agents: ["consumer.received", "consumer.handled", "consumer.committed"],
      billing: ["consumer.received", "consumer.handled", "consumer.committed"],
      search: ["consumer.received", "consumer.handled", "consumer.committed"],
      notifications: ["consumer.received", "notifications.mail.claimed", "consumer.committed"],
      rag: ["rag.ingest.parsed", "rag.ingest.embedded", "rag.ingest.upserted"],
    },
  },
  {
    title: "runs on their way to a worker, and in its hands",
    kills: {
      agents: ["agents.run.held", "agents.run.reserved"],
      "agents-worker": ["agents.run.claimed", "agents.run.streaming", "agents.run.answered"],
      billing: ["rpc.ReserveCredits.answered"],
      tenancy: ["rpc.GetContext.answered"],
      rag: ["rpc.Retrieve.answered"],
    },
  },
  {
    title: "runs on their way back, and posts on their way to their sites",
    kills: {
      agents: ["agents.run.admitted", "agents.run.queued"],
      "agents-worker": ["agents.run.finished", "agents.credits.booked"],
      billing: ["rpc.SettleCredits.answered"],
      content: ["content.publish.before-send", "content.publish.sent"],
      notifications: ["notifications.mail.sent"],
    },
  },
];
