import { type Consumer, type ConsumerConfig, JetStreamApiError } from "@nats-io/jetstream";
import type { Nats } from "../nats.ts";

/** What the broker answers when a durable of the name is there with other settings. */
const EXISTS_WITH_OTHER_SETTINGS = 10148;

/**
 * The durable as it is declared: made when it isn't there, changed when a release declares it otherwise. What it has
 * delivered so far stays delivered.
 */
export async function ensureDurable(
  nats: Nats,
  stream: string,
  config: Partial<ConsumerConfig> & { readonly durable_name: string },
): Promise<Consumer> {
  const { durable_name: durable } = config;
  try {
    await nats.jsm.consumers.add(stream, config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== EXISTS_WITH_OTHER_SETTINGS) throw error;
    await nats.jsm.consumers.update(stream, durable, config);
  }
  return nats.js.consumers.get(stream, durable);
}
