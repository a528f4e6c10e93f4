import { SMTPServer } from "smtp-server";
import { portOf } from "../listening.ts";
import type { MailStore } from "./store.ts";

const LARGEST = 25 * 1024 * 1024;

/** Recipients that a real server would refuse, so that bounces and retries can be tried: 550 for good, 451 for now. */
const REFUSED: readonly { domain: string; code: number; text: string }[] = [
  { domain: "@bounce.invalid", code: 550, text: "5.1.1 No such mailbox" },
  { domain: "@busy.invalid", code: 451, text: "4.3.0 Try again later" },
];

/** An SMTP server that accepts everything and delivers nothing. */
export async function listenSmtp(
  store: MailStore,
  port: number,
  host: string,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    // Any sign-in will do, encrypted or not: nothing leaves this machine.
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? "" }),
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    size: LARGEST,
    logger: false,
    onRcptTo(address, _session, done) {
      const refused = REFUSED.find(({ domain }) => address.address.toLowerCase().endsWith(domain));
      done(refused ? Object.assign(new Error(refused.text), { responseCode: refused.code }) : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", done);
      stream.on("end", () => {
        if (stream.sizeExceeded)
          return done(Object.assign(new Error("5.3.4 Message too big"), { responseCode: 552 }));
        store
          .add(
            Buffer.concat(chunks),
            session.envelope.rcptTo.map(({ address }) => address),
          )
          .then(
            (message) => done(null, `2.0.0 kept as ${message.id}`),
            (error: Error) => done(error),
          );
      });
    },
  });
  // A client that hangs up in the middle is its own problem.
  server.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: portOf(server.server) ?? port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
