/** One file of a zip, as the manifest has it. */
export interface ManifestFile {
  readonly path: string;
  readonly service: string;
  /** `activity`, `agent_run`; "file" for what was uploaded. */
  readonly kind: string;
  /** Records in it; 1 for what was uploaded. */
  readonly records: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a zip says about itself. */
export interface Manifest {
  /** Of this shape. */
  readonly version: 1;
  readonly tenantRef: string;
  readonly tenantName: string;
  readonly exportRef: string;
  readonly exportedOn: string;
  readonly files: readonly ManifestFile[];
  /** By service: secrets, and what is made from the rest. */
  readonly leftOut: Readonly<Record<string, readonly string[]>>;
}

export const MANIFEST = "manifest.json";

/** Where records of a kind lie in the zip. */
export function recordsPath(service: string, kind: string): string {
  return `records/${service}/${kind}.jsonl`;
}

/** Where an uploaded file lies in the zip; its name can't lead out of it, nor be refused by a file system. */
export function filePath(path: string): string {
  const [ref = "", ...name] = path.split("/");
  const plain = name
    .join("_")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replaceAll(/[\u0000-\u001f<>:"\\|?*]/g, "_")
    .replace(/^\.+/, "_");
  return `files/${ref}/${plain || "unnamed"}`;
}
