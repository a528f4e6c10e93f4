import { errors, newId } from "@leadmetrics/kit";
import { type Collection, MongoClient, type MongoClientOptions, MongoServerError } from "mongodb";
import type { AuditRow } from "../db.ts";
import { type AuditTrail, type NewEntry, PLATFORM_CHAIN } from "./port.ts";
import { GENESIS, hashOf } from "./rules.ts";

type Stored = Omit<AuditRow, "id"> & { _id: string };

const DUPLICATE = 11_000;
/** Milliseconds a server may take to be found and to answer. */
const TIMEOUT_MS = 10_000;
/** Appends to one chain that lose against other replicas this often in a row give up, and the event comes again. */
const ATTEMPTS = 50;

const CONNECTION: MongoClientOptions = {
  appName: "leadmetrics-tenancy",
  serverSelectionTimeoutMS: TIMEOUT_MS,
  socketTimeoutMS: TIMEOUT_MS,
  writeConcern: { w: "majority", journal: true },
  readConcern: { level: "majority" },
  readPreference: "primary",
};

/**
 * The trail in MongoDB. The position in a chain is a unique key, so of two writers one wins and the other takes the next
 * place. The account in the URL needs `find` and `insert` on the collection and nothing else: then nobody can change it.
 *
 * @param eraseUrl an account with `remove`, used for the chains of tenants that are erased and for nothing else
 */
export async function mongoTrail(url: string, eraseUrl?: string): Promise<AuditTrail> {
  const client = new MongoClient(url, CONNECTION);
  await client.connect();
  const entries = client.db().collection<Stored>("audit_log");
  await entries.createIndexes([
    { key: { chain: 1, sequence: 1 }, unique: true },
    { key: { event_id: 1 }, unique: true },
    { key: { chain: 1, entity_ref: 1, sequence: -1 } },
    { key: { chain: 1, trace_id: 1, sequence: -1 } },
  ]);
  const turns = new Map<string, Promise<void>>();

  return {
    name: "MongoDB",
    append(entry) {
      // Within this process the writers of a chain queue; only replicas meet at the unique key.
      const turn = (turns.get(entry.chain) ?? Promise.resolve()).then(() => append(entries, entry));
      const settled = turn.catch(() => {});
      turns.set(entry.chain, settled);
      void settled.then(() => {
        if (turns.get(entry.chain) === settled) turns.delete(entry.chain);
      });
      return turn;
    },
    async list(_ctx, query) {
      const found = await entries
        .find({
          chain: query.chain,
          ...(query.before > 0 ? { sequence: { $lt: query.before } } : {}),
          ...(query.entityRef ? { entity_ref: query.entityRef } : {}),
          ...(query.traceId ? { trace_id: query.traceId } : {}),
        })
        .sort({ sequence: -1 })
        .limit(query.limit)
        .toArray();
      return found.map(toRow);
    },
    async chains(after, limit) {
      const all = await entries.distinct("chain");
      return all
        .filter((chain) => chain > after)
        .sort()
        .slice(0, limit);
    },
    // A record that moves would have to be changed, which the account may not.
    head: async () => undefined,
    async from(_ctx, chain, after, limit) {
      const found = await entries
        .find({ chain, sequence: { $gt: after } })
        .sort({ sequence: 1 })
        .limit(limit)
        .toArray();
      return found.map(toRow);
    },
    held: {
      count: (chain) => entries.countDocuments({ chain }),
      async erase(chain, limit) {
        if (chain === PLATFORM_CHAIN) throw new Error("the platform's own chain is never erased");
        const some = await entries
          .find({ chain }, { projection: { _id: 1 } })
          .limit(limit)
          .toArray();
        if (some.length === 0) return 0;
        if (!eraseUrl)
          throw errors.conflict(
            "no_erasing_account",
            "The audit trail is in MongoDB: set MONGO_ERASE_URL to an account that may remove entries of audit_log.",
          );
        const eraser = await MongoClient.connect(eraseUrl, CONNECTION);
        try {
          const { deletedCount } = await eraser
            .db()
            .collection<Stored>("audit_log")
            .deleteMany({ _id: { $in: some.map(({ _id }) => _id) } });
          return deletedCount;
        } finally {
          await eraser.close();
        }
      },
    },
    close: () => client.close(),
  };
}

async function append(entries: Collection<Stored>, entry: NewEntry): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const last = await entries.findOne(
      { chain: entry.chain },
      { sort: { sequence: -1 }, projection: { sequence: 1, hash: 1 } },
    );
    const row = { ...entry, sequence: (last?.sequence ?? 0) + 1, previous_hash: last?.hash ?? GENESIS };
    try {
      await entries.insertOne({ _id: newId(), ...row, hash: hashOf(row) });
      return;
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== DUPLICATE) throw error;
      if (await entries.findOne({ event_id: entry.event_id }, { projection: { _id: 1 } })) return;
      if (attempt >= ATTEMPTS) throw error;
    }
  }
}

function toRow({ _id, ...row }: Stored): AuditRow {
  return { id: _id, ...row };
}
