/** @module What agents know, and what is found. */
import type { Stamped } from "./common.ts";

export interface ClientContext {
  companySummary: string;
  brandVoice: string;
  audience: string;
  products: string[];
  competitors: string[];
  dos: string[];
  donts: string[];
  keywords: string[];
  website: string;
}

export interface ContextVersion extends Stamped {
  context: ClientContext;
}

export interface KnowledgeFile {
  ref: string;
  name: string;
  mediaType: string;
  sizeBytes: number;
  status: "uploaded" | "parsing" | "chunking" | "embedding" | "indexed" | "refused";
  progressPercent: number;
  problem: string;
  chunkCount: number;
  embedding: string;
  /** The page of the website it was read from; empty for an upload. */
  sourceUrl: string;
  createdOn?: string;
}

export interface KnowledgeChunk {
  ref: string;
  fileRef: string;
  fileName: string;
  locator: string;
  text: string;
  score: number;
}

export interface SearchHit {
  collection: string;
  ref: string;
  tenantRef: string;
  title: string;
  snippet: string;
  status: string;
  score: number;
}
