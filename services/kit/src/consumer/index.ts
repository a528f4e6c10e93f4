export {
  type ConsumerDefinition,
  consumer,
  type Event,
  type ExternalHandler,
  type ExternalScope,
  on,
  onExternal,
  type Subscription,
  type TxHandler,
} from "./define.ts";
export {
  type DeadLetter,
  type DeadLetterFilter,
  listDeadLetters,
  replayDeadLetter,
  showDeadLetter,
} from "./dlq.ts";
export { startDeadLetterRouter } from "./dlq-router.ts";
export { ensureDurable } from "./durable.ts";
export { type Outcome, ok, reject, retry } from "./outcome.ts";
export type { ProfileName } from "./profiles.ts";
export { type ConsumerDeps, type RunningConsumers, startConsumers } from "./runtime.ts";
