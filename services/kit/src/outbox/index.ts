export { type EmitOptions, emit } from "./emit.ts";
export { announceCommits, type Relay, type RelayOptions, startRelay } from "./relay.ts";
export { replayOutbox } from "./replay.ts";
