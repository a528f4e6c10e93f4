import { stopLeftoversOf } from "./run-lock.ts";

/** `node guard.ts <state folder> <runner>`: started when a runner has ended, see `guard` in run-lock.ts. */
const [stateDir = "", runner] = process.argv.slice(2);
await stopLeftoversOf(stateDir, Number(runner));
