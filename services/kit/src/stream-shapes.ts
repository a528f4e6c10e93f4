import { planStreams, type StreamDifference } from "./apply-streams.ts";
import { errors } from "./errors.ts";
import type { Nats } from "./nats.ts";

/** Settings that decide which messages a stream takes and for whom it keeps them. */
const SHAPE: readonly string[] = ["subjects", "sources", "retention", "storage"];

/**
 * Refuses to start on streams that are older than the code: events would be published where nobody keeps them. Streams of a
 * newer version are fine, they only take more; and copies, sizes and ages are the operator's business.
 *
 * @throws with one sentence that names the streams and what to do
 */
export async function assertStreamShapes(nats: Nats): Promise<void> {
  const older = (await planStreams(nats)).flatMap(({ name, differences }) => {
    const lacks = differences.filter(isOlder).map(({ setting }) => setting);
    return lacks.length > 0 ? [`${name} (${lacks.join(", ")})`] : [];
  });
  if (older.length === 0) return;
  throw errors.unavailable(
    `The broker's streams are not those of this version: ${older.join(", ")} differ. ` +
      'Run "lm streams apply" of this version (the chart does it before an upgrade) and start again.',
  );
}

function isOlder({ setting, is, wanted }: StreamDifference): boolean {
  if (!SHAPE.includes(setting)) return false;
  if (!Array.isArray(wanted)) return true;
  const known = new Set(Array.isArray(is) ? is.map(nameOf) : []);
  return wanted.some((each) => !known.has(nameOf(each)));
}

/** A subject is its own name; a source is an object that has one. */
function nameOf(entry: unknown): unknown {
  return typeof entry === "object" && entry !== null && "name" in entry ? entry.name : entry;
}
