import type { StreamConfig } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { nanos } from "@nats-io/nats-core";
import type { Nats } from "./nats.ts";
import { BUCKETS, type BucketDeclaration, STREAMS, streamConfig } from "./streams.ts";

/** One setting in which the broker differs from the declaration. */
export interface StreamDifference {
  readonly setting: string;
  readonly is: unknown;
  readonly wanted: unknown;
}

/** What one stream or bucket needs. */
export interface StreamChange {
  /** Name of the stream, or `KV_<bucket>`. */
  readonly name: string;
  readonly action: "create" | "update" | "keep";
  readonly differences: readonly StreamDifference[];
}

export interface StreamOptions {
  /** 1 for a single broker, 3 for a cluster. Left out: 1 for new streams, and existing ones keep theirs. */
  readonly replicas?: number;
}

/** Settings that the broker doesn't change on a stream that exists. */
const FIXED: readonly string[] = ["storage", "retention"];

/** Compares the broker with the declarations; changes nothing. */
export async function planStreams(nats: Nats, options: StreamOptions = {}): Promise<StreamChange[]> {
  const changes: StreamChange[] = [];
  for (const { name, wanted } of declared(options)) {
    const is = await streamConfig(nats, name);
    const differences = is ? compare(is, wanted) : [];
    const action = is === undefined ? "create" : differences.length > 0 ? "update" : "keep";
    changes.push({ name, action, differences });
  }
  return changes;
}

/**
 * Creates what is missing and brings what exists to its declaration. Safe to repeat.
 *
 * @returns what was done
 * @throws when a setting differs that no broker changes: the stream has to be made anew by a person
 */
export async function applyStreams(nats: Nats, options: StreamOptions = {}): Promise<StreamChange[]> {
  const changes = await planStreams(nats, options);
  refuseFixed(changes);
  const wantedOf = new Map(declared(options).map((each) => [each.name, each.wanted]));
  const kvm = new Kvm(nats.js);
  for (const { name, action } of changes) {
    const wanted = wantedOf.get(name) ?? {};
    const bucket = BUCKETS.find((each) => bucketStream(each) === name);
    if (action === "update") await nats.jsm.streams.update(name, wanted);
    if (action !== "create") continue;
    const replicas = options.replicas ?? 1;
    if (bucket) await kvm.create(bucket.name, { ...withoutName(bucket), replicas });
    else await nats.jsm.streams.add({ ...wanted, name, num_replicas: replicas });
  }
  return changes;
}

function refuseFixed(changes: readonly StreamChange[]): void {
  for (const { name, differences } of changes) {
    const fixed = differences.find(({ setting }) => FIXED.includes(setting));
    if (fixed)
      throw new Error(
        `The stream ${name} has ${fixed.setting} "${fixed.is}" and needs "${fixed.wanted}", which no broker changes: ` +
          `delete it with the NATS tools when what is in it may go, and apply again.`,
      );
  }
}

interface Declared {
  readonly name: string;
  readonly wanted: Partial<StreamConfig>;
}

function declared({ replicas }: StreamOptions): Declared[] {
  const copies = replicas === undefined ? {} : { num_replicas: replicas };
  return [
    ...STREAMS.map((stream) => ({ name: stream.name, wanted: { ...stream, ...copies } })),
    ...BUCKETS.map((bucket) => ({
      name: bucketStream(bucket),
      wanted: { ...settingsOf(bucket), ...copies },
    })),
  ];
}

const bucketStream = (bucket: BucketDeclaration): string => `KV_${bucket.name}`;

/** A bucket is a stream with one subject per key. */
function settingsOf({ description, storage, history, ttl }: BucketDeclaration): Partial<StreamConfig> {
  return { description, storage, max_msgs_per_subject: history, max_age: nanos(ttl ?? 0) };
}

function withoutName({ name: _, ...options }: BucketDeclaration): Omit<BucketDeclaration, "name"> {
  return options;
}

/** Only what is declared counts: the rest is the broker's own choice. */
function compare(is: StreamConfig, wanted: Partial<StreamConfig>): StreamDifference[] {
  const actual = new Map(Object.entries(is));
  return Object.entries(wanted)
    .filter(([setting, value]) => value !== undefined && !isSame(actual.get(setting), value))
    .map(([setting, value]) => ({ setting, is: actual.get(setting), wanted: value }));
}

/** Lists are sets; of an object (a source) what is declared counts. */
function isSame(is: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(is) &&
      is.length === wanted.length &&
      wanted.every((each) => is.some((other) => isSame(other, each)))
    );
  if (typeof wanted === "object" && wanted !== null) {
    if (typeof is !== "object" || is === null) return false;
    const actual = new Map<string, unknown>(Object.entries(is));
    return Object.entries(wanted).every(([name, value]) => isSame(actual.get(name), value));
  }
  // The broker leaves out what is empty.
  return is === wanted || (is === undefined && (wanted === false || wanted === "" || wanted === 0));
}
