import type { Ctx } from "@leadmetrics/kit";
import type { AuditRow } from "../db.ts";

/** The chain of what belongs to no tenant. */
export const PLATFORM_CHAIN = "00000000-0000-0000-0000-000000000000";

export type NewEntry = Omit<AuditRow, "id" | "sequence" | "previous_hash" | "hash">;

/** Which entries of a chain: newest first, those before a sequence (0 for all), about a thing or of a trace. */
export interface EntryQuery {
  readonly chain: string;
  readonly before: number;
  readonly limit: number;
  readonly entityRef?: string;
  readonly traceId?: string;
}

/** Where the audit trail is kept. Entries are added and read, never changed; each tenant's form a chain of hashes. */
export interface AuditTrail {
  /** What it is, for people. */
  readonly name: string;
  /** Appends to a chain; writers of one chain take turns. An event that has its entry already adds nothing. */
  append(entry: NewEntry): Promise<void>;
  list(ctx: Ctx, query: EntryQuery): Promise<AuditRow[]>;
  /** Chains after this one, in the order of their ids. */
  chains(after: string, limit: number): Promise<string[]>;
  /** How far a chain had come, as it is recorded apart from the entries; undefined where nobody keeps that. */
  head(chain: string): Promise<{ sequence: number; hash: string } | undefined>;
  /** A chain's entries after a sequence, in order. */
  from(ctx: Ctx, chain: string, after: number, limit: number): Promise<AuditRow[]>;
  /**
   * For a trail outside the service's own tables, where the end of a tenant doesn't reach it by itself: the one way to
   * remove entries, of a whole chain only.
   */
  readonly held?: {
    count(chain: string): Promise<number>;
    /** @returns how many were removed; 0 when none is left */
    erase(chain: string, limit: number): Promise<number>;
  };
  close(): Promise<void>;
}
