import { z } from "zod";
import type { Register } from "../command.ts";
import { colour, table } from "../output.ts";
import { EXIT, sentenceOf } from "../problem.ts";
import { duration } from "../rules.ts";
import type { Session } from "../session.ts";
import { consumerStates, letterStates } from "../state/broker.ts";
import { type Counted, outboxState, publicationStates, runStates } from "../state/databases.ts";
import { processState } from "../state/processes.ts";

/** An event that waits longer than this is stuck. */
const OUTBOX_STUCK_S = 30;

type Status = Awaited<ReturnType<typeof gather>>;

/** Shows how the platform is doing. */
export const status: Register = (parent, run) => {
  parent
    .command("status")
    .description(
      "Shows processes, consumers that are behind, events that wait to be sent, dead letters, runs and publications.",
    )
    .action(
      run(z.object({}), async ({ session, out }) => {
        const state = await gather(session);
        const attention = needsAttention(state);
        out.result({ platform: session.target.name, ...state, attention }, () => [
          colour("bold", session.target.name),
          ...textOf(state),
          "",
          ...(attention.length === 0
            ? [colour("green", "Nothing needs a person.")]
            : attention.map((sentence) => `${colour("red", "✗")} ${sentence}`)),
        ]);
        return attention.length === 0 ? EXIT.good : EXIT.found;
      }),
    );
};

/** Everything that can be seen: what can't be reached is told, and the rest shown all the same. */
async function gather(session: Session) {
  const unreachable = new Set<string>();
  const seen = async <T>(look: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      unreachable.add(sentenceOf(error));
      return undefined;
    }
  };
  const known = (service: "agents" | "content") => session.services.includes(service);
  const [processes, consumers, deadLetters, outboxes, runs, publications] = await Promise.all([
    Promise.all(session.target.processes.map(processState)),
    seen(async () => consumerStates(await session.nats())),
    seen(async () => letterStates(await session.nats())),
    Promise.all(session.services.map((service) => seen(() => outboxState(session, service)))),
    known("agents") ? seen(() => runStates(session)) : undefined,
    known("content") ? seen(() => publicationStates(session)) : undefined,
  ]);
  return {
    processes,
    consumers: consumers ?? [],
    deadLetters: deadLetters ?? [],
    outboxes: outboxes.filter((each) => each !== undefined),
    runs: runs ?? [],
    publications: publications ?? [],
    unreachable: [...unreachable],
  };
}

/** What a person has to look at, each with what to do. */
function needsAttention({ processes, deadLetters, outboxes, publications, unreachable }: Status): string[] {
  const found = [...unreachable];
  for (const { name, state, failing } of processes)
    if (state !== "ready")
      found.push(
        `${name} ${state === "not ready" ? `is not ready (${failing.join(", ")})` : state}: look at its log.`,
      );
  for (const { service, pending, oldestSeconds, lastError } of outboxes)
    if (oldestSeconds > OUTBOX_STUCK_S)
      found.push(
        `${pending} events of ${service} wait to be sent, the oldest for ${duration(oldestSeconds)}` +
          `${lastError ? ` (${lastError})` : ""}: see whether the broker has its streams (lm doctor).`,
      );
  for (const { consumer, letters } of deadLetters)
    found.push(`${letters} dead letters of ${consumer}: lm dlq list --consumer ${consumer}`);
  for (const { state, count } of publications)
    if (state === "unconfirmed")
      found.push(
        `${count} publications are unconfirmed: a reviewer looks whether the channel has them (dm portal).`,
      );
  return found;
}

function textOf({ processes, consumers, outboxes, deadLetters, runs, publications }: Status): string[] {
  const behind = consumers.filter(({ waiting, inHand }) => waiting + inHand > 0);
  const waiting = outboxes.filter(({ pending }) => pending > 0);
  const letters = deadLetters.reduce((sum, each) => sum + each.letters, 0);
  return [
    "",
    ...table(
      ["process", "state", "version"],
      processes.map(({ name, version = "", state, failing }) => [
        name,
        [state, ...failing].join(" · "),
        version,
      ]),
    ),
    "",
    `consumers: ${consumers.length}, ${behind.length === 0 ? "none" : behind.length} behind`,
    ...(behind.length === 0
      ? []
      : table(
          ["consumer", "stream", "waiting", "in hand", "again"],
          behind.map((each) => [each.consumer, each.stream, each.waiting, each.inHand, each.again]),
        )),
    `outboxes: ${waiting.length === 0 ? "nothing waits" : ""}`,
    ...(waiting.length === 0
      ? []
      : table(
          ["service", "pending", "refused", "oldest"],
          waiting.map((each) => [each.service, each.pending, each.refused, duration(each.oldestSeconds)]),
        )),
    `dead letters: ${letters}`,
    `runs: ${inWords(runs)}`,
    `publications under way: ${inWords(publications)}`,
  ];
}

const inWords = (counted: readonly Counted[]): string =>
  counted.length === 0 ? "none" : counted.map(({ state, count }) => `${count} ${state}`).join(", ");
