import { planStreams } from "@leadmetrics/kit";
import { OLDEST_NATS } from "@leadmetrics/kit/backends";
import { atLeast } from "../rules.ts";
import type { Session } from "../session.ts";
import { bad, type Finding, finding, good, note } from "./finding.ts";

/** Part of the broker's disk that may be in use before a person should make room. */
const STORE_FULL = 0.8;
const MIB = 1024 ** 2;

/** The broker's version, its streams, and the room it has. */
export async function brokerFindings(session: Session): Promise<Finding[]> {
  const reached = await finding(
    "broker",
    "everything that was committed waits in the outboxes meanwhile",
    async () => {
      const { nc } = await session.nats();
      const { version } = nc.info ?? { version: "unknown" };
      return atLeast(version, OLDEST_NATS)
        ? good("broker", `NATS ${version}, ${Math.ceil((await nc.rtt()) * 10) / 10} ms away`)
        : bad(
            "broker",
            `NATS ${version}: ${OLDEST_NATS} or newer is needed, older ones lose streams in a crash`,
          );
    },
  );
  if (reached.some(({ state }) => state === "bad")) return reached;
  const streams = await finding("streams", "see whether JetStream is on", async () => {
    const nats = await session.nats();
    const changes = (await planStreams(nats)).filter(({ action }) => action !== "keep");
    if (changes.length > 0)
      return bad(
        "streams",
        `${changes.map(({ name, action }) => `${action} ${name}`).join(", ")}: lm streams apply`,
      );
    const { storage, limits } = await nats.jsm.getAccountInfo();
    const used = `${(storage / MIB).toFixed(0)} MiB`;
    return limits.max_storage > 0 && storage > limits.max_storage * STORE_FULL
      ? note(
          "streams",
          `as declared; ${used} of ${(limits.max_storage / MIB).toFixed(0)} MiB: give the broker more disk`,
        )
      : good("streams", `as declared; ${used} on disk`);
  });
  return [...reached, ...streams];
}
