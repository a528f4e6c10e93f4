import type { Ctx, Id, TenantId } from "@leadmetrics/kit";
import type { Collection, CollectionName } from "../collections/define.ts";

/** A thing as it can be found. */
export interface Found {
  readonly tenantId: TenantId;
  readonly collection: CollectionName;
  readonly sourceId: Id;
  readonly title: string;
  readonly keywords: string;
  readonly body: string;
  readonly status: string;
  readonly updatedOn: Date;
}

export interface EngineQuery {
  /** Words as `termsOf` makes them; at least one. */
  readonly terms: readonly string[];
  readonly collections: readonly Collection[];
  /** Documents to bring at most, the better ones first; the caller ranks them. */
  readonly limit: number;
  /** Whether the caller may see what clients don't see yet. */
  readonly internal: boolean;
}

/** A document to copy; `gone` when nobody may find it any more. */
export interface Copy extends Found {
  readonly documentId: Id;
  readonly internal: boolean;
  readonly gone: boolean;
}

/** What couldn't be copied, and why. */
export interface Refused {
  readonly documentId: Id;
  readonly message: string;
}

/** What finds documents. Which tenants' is told by the context, inside the adapter; no argument widens it. */
export interface SearchEngine {
  /** What it is, for people. */
  readonly name: string;
  /** Candidates that have as many of the terms as any has, typing mistakes in titles forgiven. */
  candidates(ctx: Ctx, query: EngineQuery): Promise<Found[]>;
  /** For engines that keep a copy of the documents: takes changes, safe to repeat. Undefined for one that reads them itself. */
  readonly copy?: (documents: readonly Copy[]) => Promise<Refused[]>;
  /** What a tenant has in the copy; undefined together with `copy`. */
  readonly copies?: {
    count(tenantId: TenantId): Promise<number>;
    /** Safe to repeat. @returns how many there were */
    remove(tenantId: TenantId): Promise<number>;
  };
}
