import {
  type Counted,
  EVENT_SERVICES,
  eventStream,
  type Nats,
  type TenantCtx,
  toRef,
} from "@leadmetrics/kit";
import type { Holder } from "./holders.ts";

/** Streams with the tenant's ref at the end of their subjects, and which subjects those are. */
const STREAMS: readonly { readonly stream: string; readonly subject: (tenantRef: string) => string }[] = [
  ...EVENT_SERVICES.map((service) => ({
    stream: eventStream(service),
    subject: (ref: string) => `evt.${service}.*.*.v1.${ref}`,
  })),
  { stream: "FEED", subject: (ref) => `evt.*.*.*.v1.${ref}` },
  { stream: "DLQ", subject: (ref) => `dlq.*.*.${ref}` },
  { stream: "JOBS_AGENTS", subject: (ref) => `job.agents.*.*.${ref}` },
];

/** What the broker still says of a tenant: events, queued runs, dead letters. Their subjects name it. */
export function brokerHolder(nats: Nats): Holder {
  const count = async (ctx: TenantCtx): Promise<Counted[]> => {
    const counted: Counted[] = [];
    for (const { stream, subject } of STREAMS) {
      const { state } = await nats.jsm.streams.info(stream, {
        subjects_filter: subject(toRef(ctx.tenantId)),
      });
      const records = Object.values(state.subjects ?? {}).reduce((sum, messages) => sum + messages, 0);
      counted.push({ name: stream, rule: "erase", reason: "", records });
    }
    return counted;
  };
  return {
    name: "broker",
    count,
    async erase(ctx) {
      const there = (await count(ctx)).filter(({ records }) => records > 0);
      for (const { name } of there) {
        const of = STREAMS.find(({ stream }) => stream === name);
        if (of) await nats.jsm.streams.purge(name, { filter: of.subject(toRef(ctx.tenantId)) });
      }
      return { erased: there, done: true };
    },
  };
}
