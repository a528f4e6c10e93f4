/** An event as a browser got it. */
interface Got {
  readonly id: number;
  readonly event: string;
}

/** A browser's EventSource: reads, comes back when the stream ends, and names the last event it saw. */
export class Listener {
  readonly #url: string;
  readonly #token: string;
  readonly got: Got[] = [];
  connections = 0;
  #last: number | undefined;
  #retryMs = 1_000;
  readonly #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();

  constructor(url: string, token: string, last?: number) {
    this.#url = url;
    this.#token = token;
    this.#last = last;
  }

  /** Begins to read; resolves when the first stream is open. */
  async start(): Promise<void> {
    const opened = Promise.withResolvers<void>();
    this.#done = this.#follow(opened.resolve);
    await opened.promise;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #follow(opened: () => void): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#read(opened);
      } catch {
        // As a browser does: whatever ended the stream, it comes back.
      }
      await new Promise((resolve) => setTimeout(resolve, this.#stop.signal.aborted ? 0 : this.#retryMs));
    }
  }

  async #read(opened: () => void): Promise<void> {
    const response = await fetch(this.#url, {
      headers: {
        authorization: `Bearer ${this.#token}`,
        accept: "text/event-stream",
        ...(this.#last === undefined ? {} : { "last-event-id": String(this.#last) }),
      },
      signal: this.#stop.signal,
    });
    if (!response.ok || !response.body) throw new Error(`the stream was refused with ${response.status}`);
    this.connections++;
    let rest = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + chunk).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) this.#take(frame);
      opened();
    }
  }

  #take(frame: string): void {
    const fields = new Map(
      frame.split("\n").map((line): [string, string] => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      }),
    );
    const retry = fields.get("retry");
    if (retry) this.#retryMs = Number(retry);
    const id = fields.get("id");
    if (id === undefined) return;
    this.#last = Number(id);
    const event = fields.get("event") ?? "message";
    // Its place at the beginning, and not something that happened.
    if (event !== "hello") this.got.push({ id: this.#last, event });
  }
}
