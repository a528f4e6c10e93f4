export { type EmitOptions, emit } from "./emit.ts";
export { announceCommits, type Relay, type RelayOptions, startRelay } from "./relay.ts";
export { countReplayable, type Replayable, replayOutbox } from "./replay.ts";
