export { type EmitOptions, emit } from "./emit.ts";
export { type Relay, type RelayOptions, startRelay } from "./relay.ts";
export { replayOutbox } from "./replay.ts";
