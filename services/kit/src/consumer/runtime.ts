import { AckPolicy, type Consumer, DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import { nanos } from "@nats-io/nats-core";
import { consumerDelay, consumerOutcomes, consumerRedeliveries } from "../data-metrics.ts";
import type { Database } from "../db/database.ts";
import { HEADER } from "../events/headers.ts";
import { failpoint } from "../failpoint.ts";
import type { Logger } from "../log.ts";
import type { Nats } from "../nats.ts";
import { sleep } from "../sleep.ts";
import { BatchQueue } from "./batch-queue.ts";
import { deadLetter } from "./dead-letter.ts";
import { type ConsumerDefinition, sourcesOf } from "./define.ts";
import { type Envelope, readEnvelope } from "./delivery.ts";
import { ensureDurable } from "./durable.ts";
import { type Delivery, handleDelivery, handleTogether } from "./handle.ts";
import { Lease } from "./lease.ts";
import { type Outcome, retry } from "./outcome.ts";
import { PROFILES, type Profile, type ProfileName, SPARE_DELIVERIES, withJitter } from "./profiles.ts";

export interface ConsumerDeps<DB> {
  readonly db: Database<DB>;
  readonly nats: Nats;
  readonly service: string;
  readonly log: Logger;
  /** Other waits and limits than the kit's own: for tests that can't wait as long. */
  readonly profiles?: Readonly<Record<ProfileName, Profile>>;
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
    const profile = profileOf(definition, deps.profiles);
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

function profileOf<DB>(definition: ConsumerDefinition<DB>, profiles = PROFILES): Profile {
  const profile = profiles[definition.profile ?? "projector"];
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
  readonly #queue: BatchQueue<Delivery>;
  readonly #delay: ReturnType<typeof consumerDelay.labels>;
  readonly #together: boolean;
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
    this.#delay = consumerDelay.labels({ service: deps.service, durable: definition.durable });
    this.#together = definition.on.every(({ run }) => run.kind === "transaction");
    const batch = this.#together ? profile.batch : 1;
    this.#queue = new BatchQueue(profile.concurrency, batch, (deliveries) => this.#take(deliveries));
  }

  /** No server-side back-off list: explicit delays would be added to it. */
  async ensure(): Promise<Consumer> {
    const { durable } = this.#definition;
    return ensureDurable(this.#deps.nats, this.#stream, {
      durable_name: durable,
      filter_subjects: this.#subjects,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(this.#profile.ackWaitMs),
      max_deliver: this.#profile.attempts + SPARE_DELIVERIES,
      max_ack_pending: this.#profile.maxAckPending,
    });
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
    // A request to the broker for each message that ends would be one too many: a quarter of the room first.
    if (room < Math.max(1, this.#profile.inFlight / 4)) return this.#queue.nextEnd();
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
    // Before anything else of it is read: a replayed letter that can't be read is one consumer's affair too.
    const replayFor = message.headers?.get(HEADER.replayFor);
    if (replayFor && replayFor !== this.#definition.durable) {
      message.ack();
      return;
    }
    let envelope: Envelope;
    try {
      envelope = readEnvelope(message);
    } catch (error) {
      void this.#bury(message, undefined, `unreadable: ${String(error)}`);
      return;
    }
    const lease = new Lease(message, this.#profile);
    this.#leases.add(lease);
    // What commits together is kept in order by tenant, whose rows it locks; what doesn't, by aggregate.
    this.#queue.add(this.#together ? envelope.tenantRef : envelope.aggregate, { message, envelope, lease });
  }

  async #take(deliveries: readonly Delivery[]): Promise<void> {
    failpoint("consumer.received");
    for (const { lease } of deliveries) lease.begin();
    try {
      const many = deliveries.length > 1 && deliveries.every((each) => !this.#exhausted(each));
      const outcome = many
        ? await orGivenUp(handleTogether(this.#definition, this.#deps, deliveries), deliveries)
        : undefined;
      // Without a pause in between: the acknowledgements go out in one write.
      if (outcome?.kind === "ok") for (const delivery of deliveries) this.#acknowledge(delivery);
      else
        for (const delivery of deliveries)
          await (outcome ? this.#settle(delivery, outcome) : this.#process(delivery));
    } catch (error) {
      // Neither acknowledged nor handed back: the ack wait brings them again.
      this.#deps.log.error({ err: error }, "a delivery could not be settled");
    } finally {
      for (const { lease } of deliveries) {
        lease.end();
        this.#leases.delete(lease);
      }
    }
  }

  #exhausted({ message }: Delivery): boolean {
    return message.info.deliveryCount > this.#profile.attempts;
  }

  async #process(delivery: Delivery): Promise<void> {
    if (this.#exhausted(delivery)) {
      await this.#bury(
        delivery.message,
        delivery.envelope,
        `no success in ${delivery.message.info.deliveryCount - 1} deliveries; the process died in the handler or the dead letter could not be written`,
      );
      return;
    }
    delivery.lease.begin();
    const outcome = handleDelivery(this.#definition, this.#deps, delivery);
    await this.#settle(delivery, await orGivenUp(outcome, [delivery]));
  }

  #acknowledge({ message }: Delivery): void {
    this.#count(message, "ok");
    failpoint("consumer.committed");
    message.ack();
    this.#delay.observe(Math.max(0, Date.now() - message.time.getTime()) / 1_000);
  }

  #count({ info }: JsMsg, outcome: Outcome["kind"]): void {
    const labels = { service: this.#deps.service, durable: this.#definition.durable };
    consumerOutcomes.inc({ ...labels, outcome });
    if (info.deliveryCount > 1) consumerRedeliveries.inc(labels);
  }

  async #settle(delivery: Delivery, outcome: Outcome): Promise<void> {
    if (outcome.kind === "ok") return this.#acknowledge(delivery);
    const { message, envelope } = delivery;
    const { attempts, backoffMs } = this.#profile;
    const { deliveryCount } = message.info;
    this.#count(message, outcome.kind);
    if (outcome.kind === "reject") {
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

/** A handler that neither ends nor obeys its abort doesn't keep its place: its messages come again. */
function orGivenUp<T>(work: Promise<T>, deliveries: readonly Delivery[]): Promise<T | Outcome> {
  const stuck = deliveries.map(({ lease }) => lease.givenUp.then((why) => retry(undefined, why)));
  return Promise.race([work, ...stuck]);
}
