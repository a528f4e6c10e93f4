/** @module What every list and record has. */
import type { Actor } from "./people.ts";

export interface Page<T> {
  items: T[];
  nextPageToken: string | null;
}

export interface Stamped {
  version: number;
  createdOn?: string;
  createdBy?: Actor | null;
  updatedOn?: string | null;
  updatedBy?: Actor | null;
}
