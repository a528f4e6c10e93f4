import type { Id, TenantId } from "@leadmetrics/kit";

/** Vectors of one embedding; those of another can't be compared with them. */
export interface Space {
  readonly label: string;
  readonly dimensions: number;
}

export interface Point {
  readonly chunkId: Id;
  readonly fileId: Id;
  readonly vector: Float32Array;
}

export interface Neighbour {
  readonly chunkId: Id;
  /** Cosine similarity, 0 to 1; a negative one counts as 0. */
  readonly score: number;
}

/** The vectors of one tenant. Nothing that is reached through it can belong to another. */
export interface TenantVectors {
  /** Safe to repeat: a chunk has one vector. */
  upsert(space: Space, points: readonly Point[]): Promise<void>;
  /** The nearest first. */
  search(space: Space, vector: Float32Array, limit: number): Promise<Neighbour[]>;
  /** In all spaces. Safe to repeat. */
  removeFile(fileId: Id): Promise<void>;
  /** In all spaces. Safe to repeat. */
  removeAll(): Promise<void>;
  /** In all spaces. */
  count(): Promise<number>;
}

export interface VectorStore {
  /** What it is, for people. */
  readonly name: string;
  forTenant(tenantId: TenantId): TenantVectors;
  /** Upkeep, now and then. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

/** A space as a table's or a collection's name. */
export function spaceName({ label }: Space): string {
  return `${SPACE_PREFIX}${label.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_")}`;
}

export const SPACE_PREFIX = "chunks_";
