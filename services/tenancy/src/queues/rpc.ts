import { type Nats, queuesOf, type ServedService, service } from "@leadmetrics/kit";
import { QueuesService } from "@leadmetrics/proto/tenancy/v1/queues";

/** Streams and their readers, for super admins; this service is the one that may look at all of them. */
export function queuesService(nats: Nats): ServedService {
  return service(QueuesService, {
    async listQueues() {
      const queues = await queuesOf(nats);
      return {
        queues: queues.map((queue) => ({
          name: queue.name,
          messages: BigInt(queue.messages),
          bytes: BigInt(queue.bytes),
          maxBytes: BigInt(Math.max(0, queue.maxBytes)),
          readers: queue.readers.map((reader) => ({
            name: reader.name,
            lag: BigInt(reader.lag),
            inHand: BigInt(reader.inHand),
            redelivered: BigInt(reader.redelivered),
          })),
        })),
      };
    },
  });
}
