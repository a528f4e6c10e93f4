/** Where files lie as they were uploaded. Keys are made by the service, never by people. */
export interface ObjectStore {
  /** What it is, for people: "folder /data/files". */
  readonly name: string;
  /** Writes the whole object or nothing; an existing one is replaced. */
  put(key: string, bytes: Uint8Array, mediaType: string): Promise<void>;
  /** Undefined when there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Does nothing when there is none. */
  remove(key: string): Promise<void>;
  /** Keys below a folder, in order, after one of them; what an interrupted write left behind included. */
  list(folder: string, after: string, limit: number): Promise<string[]>;
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Refuses a key that could mean another place; a key that isn't made here is a defect. */
export function checkKey(key: string): string {
  if (key.length > 500 || key.includes("..") || !KEY.test(key)) throw new Error(`"${key}" is no object key`);
  return key;
}
