import { until } from "../company.ts";

/** Milliseconds a mail may take. */
const MAIL_MS = 60_000;

/** The token of the link to `page` in the newest mail to an address. */
export function mailedToken(mailUrl: string, address: string, page: RegExp): Promise<string> {
  return until(`the mail to ${address}`, MAIL_MS, async () => {
    const response = await fetch(`${mailUrl}/api/messages?to=${encodeURIComponent(address)}`);
    const { items } = (await response.json()) as { items: { text: string }[] };
    for (const { text } of items) {
      const link = text.split(/\s/).find((word) => page.test(word));
      const token = link && /=([\w.~-]+)/.exec(link)?.[1];
      if (token) return token;
    }
    return undefined;
  });
}
