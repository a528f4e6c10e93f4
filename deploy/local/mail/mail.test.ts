import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type MailCatcher, startMailCatcher } from "./server.ts";

let dir: string;
let mail: MailCatcher;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "lm-mail-"));
  mail = await startMailCatcher({ smtpPort: 0, webPort: 0, dir });
});
afterEach(async () => {
  await mail.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Speaks SMTP line by line and returns the server's replies. */
async function smtp(url: string, lines: readonly string[]): Promise<string[]> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const replies: string[] = [await reply(socket)];
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    replies.push(await reply(socket));
  }
  socket.end();
  return replies;
}

function reply(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const read = (data: Buffer) => {
      text += data.toString();
      if (!/^\d{3} .*\r\n$/m.test(text)) return;
      socket.off("data", read);
      resolve(text.trim());
    };
    socket.on("data", read);
  });
}

const send = (to: string, body: string) =>
  smtp(mail.smtpUrl, [
    "EHLO test",
    "MAIL FROM:<from@leadmetrics.example>",
    `RCPT TO:<${to}>`,
    "DATA",
    `${body}\r\n.`,
    "QUIT",
  ]);

const WELCOME = `From: Leadmetrics <from@leadmetrics.example>\r\nTo: asha@brightsmile.example\r\nSubject: =?utf-8?Q?Best=C3=A4tigung?=\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hi <a href="http://127.0.0.1/verify?a=1&amp;b=2">verify</a><script>alert(1)</script></p>`;

/** JSON from the inbox, compared as it came. */
// biome-ignore lint/suspicious/noExplicitAny: what came over the wire
async function json(path: string): Promise<any> {
  return (await fetch(`${mail.url}${path}`)).json();
}

it("keeps what is sent, decodes it, and finds the links a person would click", async () => {
  await send("asha@brightsmile.example", WELCOME);
  const { items } = await json(`/api/messages?to=ASHA&waitMs=2000`);
  expect(items).toMatchObject([{ subject: "Bestätigung", to: ["asha@brightsmile.example"] }]);
  expect(items[0].links).toEqual(["http://127.0.0.1/verify?a=1&b=2"]);
});

it("shows a message's HTML without giving it any rights", async () => {
  await send("asha@brightsmile.example", WELCOME);
  const [message] = mail.store.list();
  const body = await fetch(`${mail.url}/messages/${message?.id}/body`);
  expect(body.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await (await fetch(`${mail.url}/`)).text()).toContain("Bestätigung");
});

it("still has everything after a restart", async () => {
  await send("asha@brightsmile.example", WELCOME);
  await mail.stop();
  mail = await startMailCatcher({ smtpPort: 0, webPort: 0, dir });
  expect(mail.store.list().map((message) => message.subject)).toEqual(["Bestätigung"]);
});

it("refuses mailboxes that stand for bounces, for good or for now", async () => {
  const refused = await smtp(mail.smtpUrl, [
    "EHLO test",
    "MAIL FROM:<a@b.example>",
    "RCPT TO:<x@bounce.invalid>",
    "RCPT TO:<x@busy.invalid>",
  ]);
  expect(refused.slice(-2)).toEqual(["550 5.1.1 No such mailbox", "451 4.3.0 Try again later"]);
});

it("names the port that is taken", async () => {
  const port = Number(new URL(mail.url).port);
  await expect(startMailCatcher({ smtpPort: 0, webPort: port, dir })).rejects.toThrow(
    `Port ${port}, wanted for the mail inbox, is taken`,
  );
});
