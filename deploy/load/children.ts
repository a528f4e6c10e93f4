import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A server in a process of its own, which sends `{ port }` once it listens and ends on SIGTERM. */
export interface ServerChild {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** @param plan what the program is to do, given to it as JSON */
export async function startServerChild(program: URL, plan: unknown): Promise<ServerChild> {
  const child = fork(program, [JSON.stringify(plan)]);
  const port = await portOf(child);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("message", (message: { port: number }) => resolve(message.port));
    child.once("exit", (code) => reject(new Error(`the server ended with ${code} before it listened`)));
  });
}
