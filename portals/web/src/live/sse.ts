/** The wire format of server-sent events, as the HTML standard has it; pure. */
export interface SseEvent {
  id: string;
  type: string;
  data: string;
}

/** Takes chunks as they come, cut anywhere, and gives whole events. Remembers the last id and the asked retry delay. */
export class SseParser {
  #buffer = "";
  #data: string[] = [];
  #type = "";
  lastId = "";
  /** Milliseconds, when the server asked for a delay before reconnecting. */
  retryMs: number | undefined;

  push(chunk: string): SseEvent[] {
    this.#buffer += chunk;
    const events: SseEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.#buffer);
      if (!end) return events;
      const line = this.#buffer.slice(0, end.index);
      this.#buffer = this.#buffer.slice(end.index + end[0].length);
      const event = this.#line(line);
      if (event) events.push(event);
    }
  }

  #line(line: string): SseEvent | undefined {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return undefined;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#type = value;
    else if (field === "id" && !value.includes("\0")) this.lastId = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.retryMs = Number(value);
    return undefined;
  }

  #dispatch(): SseEvent | undefined {
    const data = this.#data.join("\n");
    const type = this.#type || "message";
    const empty = this.#data.length === 0;
    this.#data = [];
    this.#type = "";
    return empty ? undefined : { id: this.lastId, type, data };
  }
}

/** Milliseconds before attempt `n` (from 1): 1 s doubling to 30 s, with jitter so that a thousand tabs don't return at once. */
export function backoffMs(attempt: number, random: number, floorMs = 1000): number {
  const full = Math.min(30_000, floorMs * 2 ** Math.min(attempt - 1, 10));
  return Math.round(full * (0.5 + random / 2));
}
