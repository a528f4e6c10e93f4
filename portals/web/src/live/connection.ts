import { backoffMs, type SseEvent, SseParser } from "./sse.ts";

export type LiveState = "connecting" | "live" | "offline";

export interface ConnectionOptions {
  url: string;
  fetch: (request: Request) => Promise<Response>;
  onEvent: (event: SseEvent) => void;
  onState: (state: LiveState) => void;
  /** Events may be missing: the first connection after a break the server could not resume. */
  onGap: () => void;
}

/** Silence after which a connection is taken for dead. The gateway sends a comment every 15 s or so. */
const SILENCE_MS = 45_000;

/**
 * Holds one event stream open for as long as the page lives: reconnects with back-off, resumes after the last event it
 * saw, wakes up at once when the laptop does. Returns the function that ends it.
 */
export function connect(options: ConnectionOptions): () => void {
  let stopped = false;
  let attempt = 0;
  let lastId = "";
  let current: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    if (stopped) return;
    clearTimeout(timer);
    const abort = new AbortController();
    current = abort;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENCE_MS);
    };
    const parser = new SseParser();
    parser.lastId = lastId;
    try {
      alive();
      const headers: Record<string, string> = { accept: "text/event-stream" };
      if (lastId) headers["last-event-id"] = lastId;
      const answer = await options.fetch(
        new Request(options.url, { headers, signal: abort.signal, cache: "no-store" }),
      );
      if (!answer.ok || !answer.body) throw new Error(`the event stream answered ${answer.status}`);
      options.onState("live");
      // Without an id to resume from, whatever happened while we were away is only in the lists themselves.
      if (attempt > 0 && !lastId) options.onGap();
      attempt = 0;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        alive();
        for (const event of parser.push(value)) {
          lastId = event.id;
          if (event.type === "reset") options.onGap();
          else options.onEvent(event);
        }
      }
    } catch {
      // Expected: the connection broke or was ended; what to do is the same.
    } finally {
      clearTimeout(silence);
    }
    if (stopped || current !== abort) return;
    attempt++;
    options.onState(attempt > 2 ? "offline" : "connecting");
    timer = setTimeout(run, backoffMs(attempt, Math.random(), parser.retryMs));
  }

  const wake = () => {
    if (document.visibilityState !== "visible" || attempt === 0) return;
    current?.abort();
    attempt = 1;
    void run();
  };
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  options.onState("connecting");
  void run();

  return () => {
    stopped = true;
    clearTimeout(timer);
    current?.abort();
    window.removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
  };
}
