import { SMTPServer } from "smtp-server";

/** A mail server on this machine that keeps what it gets. */
export class Mailbox {
  readonly #server: SMTPServer;
  /** Each mail as it came over the wire. */
  mails: string[] = [];
  /** What the server answers to a recipient; nothing for "yes". */
  refuse: { responseCode: number } | undefined;
  url = "";

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onRcptTo: (_address, _session, done) =>
        done(this.refuse ? Object.assign(new Error("no"), this.refuse) : undefined),
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          this.mails.push(Buffer.concat(chunks).toString("utf8"));
          done();
        });
      },
    });
  }

  static async start(): Promise<Mailbox> {
    const box = new Mailbox();
    await new Promise<void>((resolve) => box.#server.listen(0, "127.0.0.1", resolve));
    const address = box.#server.server.address();
    box.url = `smtp://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    return box;
  }

  empty(): void {
    this.mails = [];
    this.refuse = undefined;
  }

  /** The mails by who they are for, with lines that were broken for the way put together again. */
  byReader(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const mail of this.mails) {
      const text = mail.replace(/=\r?\n/g, "").replace(/\r?\n[ \t]+/g, " ");
      const to = /^To: (.+)$/m.exec(text)?.[1]?.trim() ?? "";
      found.set(to, [...(found.get(to) ?? []), text]);
    }
    return found;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(resolve));
  }
}
