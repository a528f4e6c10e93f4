import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connectNats } from "@leadmetrics/kit/nats";
import { SERVICES } from "@leadmetrics/local/system";
import pg from "pg";
import type { Platform } from "../harness.ts";
import { errorAnswers } from "./call.ts";

/** A piece of what the platform wrote down, and where. */
export interface Piece {
  readonly where: string;
  readonly text: string;
}

/** Milliseconds one batch of a stream may take. */
const FETCH_MS = 2_000;

/** The places secrets must not get to, each read whole. */
export const SINKS: Readonly<Record<string, (platform: Platform) => AsyncGenerator<Piece>>> = {
  "logs and traces": linesOfLogs,
  "streams and buckets": messagesOfStreams,
  databases: rowsOfDatabases,
  mails,
  "error answers": async function* () {
    for (const text of errorAnswers) yield { where: "an error answer", text };
  },
};

async function* linesOfLogs({ place }: Platform): AsyncGenerator<Piece> {
  for (const name of await readdir(place.logDir)) {
    const lines = createInterface({ input: createReadStream(join(place.logDir, name)), crlfDelay: Infinity });
    for await (const text of lines) yield { where: name, text };
  }
}

async function* messagesOfStreams({ backends }: Platform): AsyncGenerator<Piece> {
  const nats = await connectNats({ url: backends.natsUrl, name: "canary" });
  try {
    for await (const { config, state } of nats.jsm.streams.list()) {
      if (state.messages === 0) continue;
      const consumer = await nats.js.consumers.get(config.name);
      for (let left = state.messages; left > 0; ) {
        const before = left;
        for await (const message of await consumer.fetch({ max_messages: left, expires: FETCH_MS })) {
          left -= 1;
          const headers = [...(message.headers ?? [])].map(
            ([name, values]) => `${name}: ${values.join(", ")}`,
          );
          const data = Buffer.from(message.data).toString("latin1");
          yield {
            where: `${config.name} ${message.subject}`,
            text: [message.subject, ...headers, data].join("\n"),
          };
        }
        // A stream that forgets while it is read has fewer than it said.
        if (left === before) break;
      }
    }
  } finally {
    await nats.close();
  }
}

/** Every row of every table: outboxes, audit entries and all that could hold a secret unsealed. */
async function* rowsOfDatabases({ backends }: Platform): AsyncGenerator<Piece> {
  for (const service of SERVICES) {
    const url = new URL(backends.adminUrl);
    url.pathname = `/${service}`;
    const client = new pg.Client({ connectionString: url.toString() });
    await client.connect();
    try {
      const { rows: tables } = await client.query<{ name: string }>(
        `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
         where schemaname in ('public', 'kit')`,
      );
      for (const { name } of tables) {
        const { rows } = await client.query<Record<string, unknown>>(`select * from ${name}`);
        for (const row of rows)
          yield { where: `${service} ${name}`, text: Object.values(row).map(textOf).join("\n") };
      }
    } finally {
      await client.end();
    }
  }
}

function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString("latin1");
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

async function* mails({ addresses }: Platform): AsyncGenerator<Piece> {
  const { items } = (await (await fetch(`${addresses.mail}/api/messages`)).json()) as { items: object[] };
  for (const mail of items) yield { where: "a mail", text: JSON.stringify(mail) };
}
