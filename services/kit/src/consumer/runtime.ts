import { AckPolicy, type Consumer, DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import { nanos } from "@nats-io/nats-core";
import { consumerOutcomes } from "../data-metrics.ts";
import type { Database } from "../db/database.ts";
import type { Logger } from "../log.ts";
import type { Nats } from "../nats.ts";
import { sleep } from "../sleep.ts";
import { deadLetter } from "./dead-letter.ts";
import { type ConsumerDefinition, sourcesOf } from "./define.ts";
import { type Envelope, readEnvelope } from "./delivery.ts";
import { handleDelivery } from "./handle.ts";
import { KeyedQueue } from "./keyed-queue.ts";
import { Lease } from "./lease.ts";
import { PROFILES, type Profile, SPARE_DELIVERIES, withJitter } from "./profiles.ts";

export interface ConsumerDeps<DB> {
  readonly db: Database<DB>;
  readonly nats: Nats;
  readonly service: string;
  readonly log: Logger;
}

export interface RunningConsumers {
  /** Takes nothing new, waits `graceMs` for handlers to end, then aborts them and hands their messages back. */
  stop(graceMs?: number): Promise<void>;
}

const FETCH_MS = 5_000;
const RECOVER_MS = 500;

/** Creates (or updates) the durables at the broker and works through them until stopped. */
export async function startConsumers<DB>(
  definitions: readonly ConsumerDefinition<DB>[],
  deps: ConsumerDeps<DB>,
): Promise<RunningConsumers> {
  const running: Worker<DB>[] = [];
  for (const definition of definitions) {
    const profile = profileOf(definition);
    for (const [stream, subjects] of sourcesOf(definition)) {
      const worker = new Worker(definition, profile, stream, subjects, deps);
      await worker.ensure();
      running.push(worker);
    }
  }
  for (const worker of running) worker.start();
  return {
    async stop(graceMs = 15_000) {
      await Promise.all(running.map((worker) => worker.stop(graceMs)));
    },
  };
}

function profileOf<DB>(definition: ConsumerDefinition<DB>): Profile {
  const profile = PROFILES[definition.profile ?? "projector"];
  const { concurrency } = definition;
  if (concurrency === undefined) return profile;
  return { ...profile, concurrency, inFlight: Math.max(profile.inFlight, concurrency) };
}

/** One durable on one stream. */
class Worker<DB> {
  readonly #definition: ConsumerDefinition<DB>;
  readonly #profile: Profile;
  readonly #stream: string;
  readonly #subjects: string[];
  readonly #deps: ConsumerDeps<DB>;
  readonly #queue: KeyedQueue;
  readonly #stopping = new AbortController();
  readonly #leases = new Set<Lease>();
  #loop: Promise<void> = Promise.resolve();

  constructor(
    definition: ConsumerDefinition<DB>,
    profile: Profile,
    stream: string,
    subjects: string[],
    deps: ConsumerDeps<DB>,
  ) {
    this.#definition = definition;
    this.#profile = profile;
    this.#stream = stream;
    this.#subjects = subjects;
    this.#deps = { ...deps, log: deps.log.child({ durable: definition.durable, stream }) };
    this.#queue = new KeyedQueue(profile.concurrency);
  }

  /** No server-side back-off list: explicit delays would be added to it. */
  async ensure(): Promise<Consumer> {
    const { durable } = this.#definition;
    await this.#deps.nats.jsm.consumers.add(this.#stream, {
      durable_name: durable,
      filter_subjects: this.#subjects,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(this.#profile.ackWaitMs),
      max_deliver: this.#profile.attempts + SPARE_DELIVERIES,
      max_ack_pending: this.#profile.maxAckPending,
    });
    return this.#deps.nats.js.consumers.get(this.#stream, durable);
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const drained = this.#loop.then(() => this.#queue.drained());
    await Promise.race([drained, sleep(graceMs)]);
    for (const lease of this.#leases) lease.abort("the process shuts down");
    // An aborted handler hands its message back by itself; one that ignores the signal is left to the ack wait.
    await Promise.race([drained, sleep(2_000)]);
  }

  async #run(): Promise<void> {
    const stop = this.#stopping.signal;
    while (!stop.aborted) {
      try {
        // Also brings back a durable that was deleted, or lost with a broker's disk.
        const consumer = await this.ensure();
        while (!stop.aborted) await this.#fetchOnce(consumer);
      } catch (error) {
        if (stop.aborted) return;
        this.#deps.log.warn({ err: error }, "lost the consumer, starting it again");
        await sleep(RECOVER_MS, stop);
      }
    }
  }

  /** Asks for as many messages as there is room for, so that none waits in memory while its ack wait runs. */
  async #fetchOnce(consumer: Consumer): Promise<void> {
    const room = this.#profile.inFlight - this.#queue.size;
    if (room <= 0) return this.#queue.nextEnd();
    const messages = await consumer.fetch({ max_messages: room, expires: FETCH_MS, idle_heartbeat: 1_000 });
    const onStop = () => messages.stop();
    this.#stopping.signal.addEventListener("abort", onStop, { once: true });
    try {
      for await (const message of messages) {
        if (this.#stopping.signal.aborted) message.nak();
        else this.#accept(message);
      }
    } finally {
      this.#stopping.signal.removeEventListener("abort", onStop);
    }
  }

  #accept(message: JsMsg): void {
    let envelope: Envelope;
    try {
      envelope = readEnvelope(message);
    } catch (error) {
      void this.#bury(message, undefined, `unreadable: ${String(error)}`);
      return;
    }
    const { replayFor } = envelope;
    if (replayFor !== undefined && replayFor !== this.#definition.durable) {
      message.ack();
      return;
    }
    const lease = new Lease(message, this.#profile);
    this.#leases.add(lease);
    this.#queue.add(envelope.aggregate, async () => {
      try {
        await this.#process(message, envelope, lease);
      } catch (error) {
        // Neither acknowledged nor handed back: the ack wait brings it again.
        this.#deps.log.error({ err: error, eventId: envelope.id }, "a delivery could not be settled");
      } finally {
        lease.end();
        this.#leases.delete(lease);
      }
    });
  }

  async #process(message: JsMsg, envelope: Envelope, lease: Lease): Promise<void> {
    const { durable } = this.#definition;
    const { attempts, backoffMs } = this.#profile;
    const { deliveryCount } = message.info;
    if (deliveryCount > attempts) {
      await this.#bury(
        message,
        envelope,
        `no success in ${deliveryCount - 1} deliveries; the process died in the handler or the dead letter could not be written`,
      );
      return;
    }
    lease.begin();
    const outcome = await handleDelivery(this.#definition, this.#deps, message, envelope, lease);
    const labels = { service: this.#deps.service, durable, outcome: outcome.kind };
    consumerOutcomes.inc(labels);
    if (outcome.kind === "ok") {
      message.ack();
    } else if (outcome.kind === "reject") {
      await this.#bury(message, envelope, outcome.why);
    } else if (deliveryCount >= attempts) {
      await this.#bury(message, envelope, `gave up after ${deliveryCount} deliveries: ${outcome.why}`);
    } else {
      const delayMs = outcome.delayMs ?? withJitter(backoffMs(deliveryCount), Math.random());
      this.#deps.log.info({ eventId: envelope.id, deliveryCount, delayMs, why: outcome.why }, "again later");
      message.nak(delayMs);
    }
  }

  /** To the dead letters; only when they have it is it taken off the stream's hands. */
  async #bury(message: JsMsg, envelope: Envelope | undefined, why: string): Promise<void> {
    const { nats, log } = this.#deps;
    const { durable } = this.#definition;
    try {
      await deadLetter(nats, { message, durable, tenantRef: envelope?.tenantRef, why });
      // Without a reason: servers before 2.10.4 don't recognise a termination that carries one.
      message.term();
      log.error(
        { eventId: envelope?.id, subject: message.subject, why },
        "a message went to the dead letters",
      );
    } catch (error) {
      log.error({ err: error, eventId: envelope?.id }, "the dead letter could not be written");
      message.nak(withJitter(this.#profile.backoffMs(message.info.deliveryCount), Math.random()));
    }
  }
}
