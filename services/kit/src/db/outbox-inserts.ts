import type pg from "pg";
import type { OutboxRow } from "./transaction.ts";

/** Events that one statement writes; every smaller number is a statement of its own to prepare. */
const EVENTS_AT_ONCE = 12;

const COLUMNS = 7;

/** The statements that write a transaction's events, in their order; prepared once a connection. */
export function outboxInserts(events: readonly OutboxRow[]): pg.QueryConfig[] {
  const statements: pg.QueryConfig[] = [];
  for (let from = 0; from < events.length; from += EVENTS_AT_ONCE) {
    const some = events.slice(from, from + EVENTS_AT_ONCE);
    statements.push({
      name: `lm_outbox_${some.length}`,
      text: insertText(some.length),
      values: some.flatMap((event) => [
        event.id,
        event.tenantId,
        event.aggregate,
        event.subject,
        event.type,
        event.headers,
        event.payload,
      ]),
    });
  }
  return statements;
}

const texts = new Map<number, string>();

function insertText(count: number): string {
  let text = texts.get(count);
  if (text === undefined) {
    const rows = Array.from({ length: count }, (_, row) => {
      const places = Array.from({ length: COLUMNS }, (_, column) => `$${row * COLUMNS + column + 1}`);
      return `(${places.join(", ")})`;
    });
    text = `insert into kit.outbox (id, tenant_id, aggregate_key, subject, event_type, headers, payload) values ${rows.join(", ")}`;
    texts.set(count, text);
  }
  return text;
}
