import { type Database, emit, type TenantCtx, type TenantTx } from "@leadmetrics/kit";
import { RunProgressedSchema } from "@leadmetrics/proto/agents/events/v1/events";
import type { AgentsDb, RunRow } from "../db.ts";
import { roleNamed } from "../roles/index.ts";
import { beat, insertEvents, type NewEvent, plainOf, refOf } from "../runs/store.ts";
import { TUNABLES } from "../tunables.ts";
import { eventView } from "../views.ts";

/** Why a run's work was stopped from outside. */
export class Stopped extends Error {
  readonly why: "lost" | "idle" | "timeout" | "shutdown";
  constructor(why: Stopped["why"]) {
    super(why);
    this.why = why;
  }
}

/**
 * Writes down what a run says, in batches, and by the same statement keeps the run ours: rows for those who read later,
 * events for those who watch. Stops the work when the run was taken away, or when nothing comes for too long.
 */
export class Recorder {
  readonly #db: Database<AgentsDb>;
  readonly #ctx: TenantCtx;
  readonly #run: RunRow;
  readonly #stop: (reason: Stopped) => void;
  readonly #timer: NodeJS.Timeout;
  #waiting: NewEvent[] = [];
  #writing: Promise<void> = Promise.resolve();
  #wroteAt = Date.now();
  #heardAt = Date.now();
  #ended = false;

  constructor(db: Database<AgentsDb>, ctx: TenantCtx, run: RunRow, stop: (reason: Stopped) => void) {
    this.#db = db;
    this.#ctx = ctx;
    this.#run = run;
    this.#stop = stop;
    this.#timer = setInterval(() => this.#tick(), TUNABLES.batchMs);
  }

  /** The next piece of text; pieces of one batch become one event. */
  text(delta: string): void {
    this.#heardAt = Date.now();
    const last = this.#waiting.at(-1);
    if (last?.kind === "text" && !last.usage) last.body += delta;
    else this.#waiting.push({ kind: "text", body: delta });
  }

  /**
   * Something that isn't part of the answer, in a sentence.
   *
   * @param plain the same for everybody, where the sentence names a provider or a model
   */
  note(body: string, plain = body): void {
    this.#heardAt = Date.now();
    this.#waiting.push({ kind: "note", body, plain });
  }

  /** What the call has cost so far; goes with the last piece of text. */
  usage(usage: NonNullable<NewEvent["usage"]>, cost: number): void {
    this.#heardAt = Date.now();
    const last = this.#waiting.at(-1);
    if (last) Object.assign(last, { usage, cost });
    else this.#waiting.push({ kind: "note", body: "", usage, cost });
  }

  /** Takes nothing more; resolves when what is being written is. What still waits is for {@link writeRest} or {@link sayRest}. */
  async end(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#timer);
    await this.#writing;
  }

  /** Writes what waits into the transaction of the run's end, which may be tried again. */
  async writeRest(tx: TenantTx<AgentsDb>): Promise<void> {
    if (this.#waiting.length > 0) await this.#record(tx, this.#waiting);
  }

  /** Events that aren't written yet. */
  get unwritten(): number {
    return this.#waiting.length;
  }

  /** Writes what waits after the run has ended and taken as many sequences for it as there are {@link unwritten}. */
  async sayRest(tx: TenantTx<AgentsDb>, { last_sequence }: Pick<RunRow, "last_sequence">): Promise<void> {
    const events = this.#waiting;
    if (events.length > 0) await this.#say(tx, last_sequence - events.length + 1, events);
  }

  #tick(): void {
    if (this.#ended) return;
    const now = Date.now();
    if (now - this.#heardAt > TUNABLES.idleMs) {
      this.#stop(new Stopped("idle"));
      return;
    }
    if (this.#waiting.length === 0 && now - this.#wroteAt < TUNABLES.beatMs) return;
    // One write at a time: while it is slow, the next batch grows.
    this.#wroteAt = now;
    this.#writing = this.#writing.then(() =>
      this.#write().catch((error: unknown) => {
        this.#ctx.log.warn(
          { err: error, run: refOf(this.#run.id) },
          "progress could not be written, trying again",
        );
      }),
    );
  }

  async #write(): Promise<void> {
    const events = this.#waiting;
    this.#waiting = [];
    try {
      const ours = await this.#db.withTenant(this.#ctx, (tx) => this.#record(tx, events));
      if (!ours) this.#stop(new Stopped("lost"));
    } catch (error) {
      this.#waiting = [...events, ...this.#waiting];
      throw error;
    }
  }

  /** False when the run is no longer this worker's. */
  async #record(tx: TenantTx<AgentsDb>, events: readonly NewEvent[]): Promise<boolean> {
    const run = this.#run;
    const taken = await beat(tx, run, { events: events.length, leaseMs: TUNABLES.leaseMs });
    if (!taken) return false;
    if (events.length > 0) await this.#say(tx, taken.firstSequence, events);
    return true;
  }

  async #say(tx: TenantTx<AgentsDb>, firstSequence: number, events: readonly NewEvent[]): Promise<void> {
    const run = this.#run;
    await insertEvents(tx, run, firstSequence, events);
    await emit(
      tx,
      this.#ctx,
      RunProgressedSchema,
      {
        runRef: refOf(run.id),
        activityRef: run.activity_id ? refOf(run.activity_id) : "",
        role: run.role,
        events: events.map((event, index) => eventView(rowOf(event, run, firstSequence + index))),
        openToClient: roleNamed(run.role)?.openToClient ?? false,
      },
      { aggregate: `run:${run.id}` },
    );
  }
}

function rowOf(event: NewEvent, run: RunRow, sequence: number) {
  return {
    sequence,
    attempt: run.attempt,
    kind: event.kind,
    body: event.body,
    plain: plainOf(event),
    input_tokens: event.usage?.inputTokens ?? null,
    output_tokens: event.usage?.outputTokens ?? null,
    cached_tokens: event.usage?.cacheReadTokens ?? null,
    cost_micro_usd: event.cost ?? null,
    occurred_on: new Date(),
  };
}
