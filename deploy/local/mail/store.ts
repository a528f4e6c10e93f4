import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import PostalMime, { type Address, type Email } from "postal-mime";

/** A caught message. */
export interface Message {
  readonly id: string;
  readonly receivedAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Every http(s) address in the message, in order: what a person would click. */
  readonly links: readonly string[];
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly bytes: number }[];
}

/** The oldest go first. */
const KEPT = 1_000;

/** Caught messages as files, one `.eml` each, and their parsed form in memory. */
export class MailStore {
  readonly #dir: string;
  readonly #messages: Message[] = [];
  readonly #waiting = new Set<() => void>();
  #last = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  async open(): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    const names = (await readdir(this.#dir)).filter((name) => name.endsWith(".eml")).sort();
    for (const name of names.slice(-KEPT)) {
      const id = name.slice(0, -".eml".length);
      this.#messages.push(await parse(id, await readFile(join(this.#dir, name)), undefined));
    }
  }

  /** Stores a message as it came over the wire. */
  async add(raw: Buffer, recipients: readonly string[]): Promise<Message> {
    // Sorts by arrival, also within one millisecond.
    this.#last = Math.max(Date.now(), this.#last + 1);
    const id = String(this.#last);
    await writeFile(join(this.#dir, `${id}.eml`), raw);
    const message = await parse(id, raw, recipients);
    this.#messages.push(message);
    while (this.#messages.length > KEPT) {
      const oldest = this.#messages.shift();
      if (oldest) await rm(join(this.#dir, `${oldest.id}.eml`), { force: true });
    }
    for (const wake of this.#waiting) wake();
    return message;
  }

  /** Newest first; `to` and `subject` match any part, case aside; `since` is an id. */
  list(filter: { to?: string; subject?: string; since?: string } = {}): Message[] {
    const has = (text: string, part: string | undefined) =>
      !part || text.toLowerCase().includes(part.toLowerCase());
    return this.#messages
      .filter((message) => has(message.to.join(" "), filter.to) && has(message.subject, filter.subject))
      .filter((message) => !filter.since || Number(message.id) > Number(filter.since))
      .toReversed();
  }

  get(id: string): Message | undefined {
    return this.#messages.find((message) => message.id === id);
  }

  async raw(id: string): Promise<Buffer | undefined> {
    return this.get(id) ? readFile(join(this.#dir, `${id}.eml`)) : undefined;
  }

  async clear(): Promise<void> {
    const messages = this.#messages.splice(0);
    for (const { id } of messages) await rm(join(this.#dir, `${id}.eml`), { force: true });
  }

  /** Resolves with the next arrival or when `timeoutMs` have passed. */
  nextArrival(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
    });
  }
}

async function parse(id: string, raw: Buffer, recipients: readonly string[] | undefined): Promise<Message> {
  const email: Email = await PostalMime.parse(raw);
  const html = email.html ?? "";
  const text = email.text ?? "";
  return {
    id,
    receivedAt: new Date(Number(id)).toISOString(),
    from: email.from ? show(email.from) : "",
    to: recipients ?? (email.to ?? []).map(show),
    subject: email.subject ?? "",
    text,
    html,
    headers: Object.fromEntries(email.headers.map(({ key, value }) => [key, value])),
    links: linksIn(html, text),
    attachments: email.attachments.map((file) => ({
      name: file.filename ?? "",
      type: file.mimeType,
      bytes: typeof file.content === "string" ? file.content.length : file.content.byteLength,
    })),
  };
}

function show(address: Address): string {
  const mail = "address" in address ? (address.address ?? "") : "";
  return address.name ? `${address.name} <${mail}>` : mail;
}

function linksIn(html: string, text: string): string[] {
  const found = [
    ...[...html.matchAll(/\bhref\s*=\s*["'](https?:[^"']+)["']/gi)].map((match) =>
      (match[1] ?? "").replaceAll("&amp;", "&"),
    ),
    ...(text.match(/https?:\/\/[^\s<>")\]]+/g) ?? []),
  ];
  return [...new Set(found)];
}
