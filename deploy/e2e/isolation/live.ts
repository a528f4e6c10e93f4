import { until } from "../company.ts";

/** What somebody hears on a stream of live events. */
export interface Listening {
  /** Everything that came so far, as it came. */
  text(): string;
  /** The newest event's id. */
  lastId(): string;
  /** Waits until some text has come. */
  heard(words: string, withinMs?: number): Promise<void>;
  stop(): void;
}

const HEARD_MS = 20_000;

/** Opens a stream as a browser does; with `lastEventId` it continues where that was. */
export async function listen(url: string, token: string, lastEventId?: string): Promise<Listening> {
  const ending = new AbortController();
  const response = await fetch(url, {
    headers: {
      authorization: `Bearer ${token}`,
      accept: "text/event-stream",
      ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
    },
    signal: ending.signal,
  });
  if (response.status !== 200 || !response.body) throw new Error(`${url} answered ${response.status}`);
  let text = "";
  void (async () => {
    try {
      for await (const part of response.body ?? []) text += Buffer.from(part).toString("utf8");
    } catch (error) {
      if (!ending.signal.aborted) text += `\n(the stream broke off: ${String(error)})`;
    }
  })();
  return {
    text: () => text,
    lastId: () => [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? "",
    heard: async (words, withinMs = HEARD_MS) => {
      await until(`"${words}" on the stream`, withinMs, async () => text.includes(words) || undefined);
    },
    stop: () => ending.abort(),
  };
}
