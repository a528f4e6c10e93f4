import { DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import { z } from "zod";
import { count, moment, type Register } from "../command.ts";
import { decode, inOneLine, shortType } from "../events.ts";
import { colour, type Output } from "../output.ts";
import { EXIT } from "../problem.ts";

const options = z.object({
  subject: z.string().optional(),
  tenant: z.string().optional(),
  since: z.date().optional(),
  limit: z.number().optional(),
  follow: z.boolean(),
});

/** All services' events in one order; kept for a day. */
const STREAM = "FEED";
/** Milliseconds without a message after which what was there counts as read. */
const QUIET_MS = 1_000;

/** Shows events as they happen. */
export const eventsTail: Register = (parent, run) => {
  parent
    .command("tail")
    .description(
      "Shows events as they happen, read by their contracts; what is named like a secret is hidden.",
    )
    .option("--subject <filter>", "only these, e.g. evt.content.> or evt.*.plan.approved.>")
    .option("--tenant <ref>", 'only of this tenant; "platform" for what belongs to none')
    .option("--since <time>", "first what happened since: 15m, 2h ago or a time (a day is kept)", moment)
    .option("--limit <count>", "end after so many", count)
    .option("--no-follow", "end when all that is there was shown")
    .action(
      run(options, async ({ session, out, signal, options: { subject, tenant, since, limit, follow } }) => {
        const nats = await session.nats();
        const consumer = await nats.js.consumers.get(STREAM, {
          filter_subjects: [subject ?? (tenant ? `evt.*.*.*.*.${tenant}` : "evt.>")],
          ...(since || !follow
            ? {
                deliver_policy: DeliverPolicy.StartTime,
                opt_start_time: (since ?? new Date(0)).toISOString(),
              }
            : { deliver_policy: DeliverPolicy.New }),
        });
        const messages = await consumer.consume({ max_messages: 100 });
        const stop = () => messages.stop();
        signal.addEventListener("abort", stop, { once: true });
        let quiet = follow ? undefined : setTimeout(stop, QUIET_MS);
        let shown = 0;
        for await (const message of messages) {
          if (!tenant || message.subject.endsWith(`.${tenant}`)) {
            show(out, message);
            shown += 1;
          }
          if (shown === limit) break;
          if (follow) continue;
          clearTimeout(quiet);
          if (message.info.pending === 0) break;
          quiet = setTimeout(stop, QUIET_MS);
        }
        clearTimeout(quiet);
        return EXIT.good;
      }),
    );
};

function show(out: Output, message: JsMsg): void {
  const header = (name: string) => message.headers?.get(name) ?? "";
  const type = header("lm-event-type");
  const decoded = decode(type, message.data);
  const event = {
    sequence: message.seq,
    at: header("lm-occurred-at") || message.time.toISOString(),
    subject: message.subject,
    id: header("lm-event-id"),
    type,
    tenant: header("lm-tenant"),
    actor: header("lm-actor"),
    requestId: header("lm-request-id"),
    // A dead letter that was sent again, for one consumer.
    ...(header("lm-replay-for") ? { replayFor: header("lm-replay-for") } : {}),
    ...decoded,
  };
  out.item(event, () => [
    `${colour("dim", event.at)} ${colour("bold", shortType(type) || message.subject)} ` +
      `${event.tenant} ${event.actor}${event.replayFor ? ` (again, for ${event.replayFor})` : ""}`,
    `  ${inOneLine(decoded)}`,
  ]);
}
