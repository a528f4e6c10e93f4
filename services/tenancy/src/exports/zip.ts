import { createHash } from "node:crypto";
import { once } from "node:events";
import { PassThrough, type Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { ManifestFile } from "./rules.ts";

/** A zip that is written file after file, and read at the same time: it is never in memory as a whole. */
export class ZipWriter {
  readonly #zip = new ZipFile();
  readonly #files: ManifestFile[] = [];
  #open: OpenFile | undefined;

  /** The bytes of the zip, as they come. */
  get bytes(): Readable {
    // yazl's own type says less than it gives.
    return this.#zip.outputStream as PassThrough;
  }

  get files(): readonly ManifestFile[] {
    return this.#files;
  }

  /** Goes on with the file that is open when it is the same one; waits while nobody reads. */
  async write(
    file: Pick<ManifestFile, "path" | "service" | "kind">,
    data: Uint8Array,
    records: number,
  ): Promise<void> {
    if (this.#open?.path !== file.path) {
      this.endFile();
      const stream = new PassThrough();
      this.#open = { ...file, stream, hash: createHash("sha256"), bytes: 0, records: 0 };
      this.#zip.addReadStream(stream, file.path);
    }
    const { stream, hash } = this.#open;
    hash.update(data);
    this.#open.bytes += data.length;
    this.#open.records += records;
    if (!stream.write(data)) await once(stream, "drain");
  }

  /** The file that is open is complete. */
  endFile(): void {
    if (!this.#open) return;
    const { stream, hash, path, service, kind, records, bytes } = this.#open;
    stream.end();
    this.#files.push({ path, service, kind, records, bytes, sha256: hash.digest("hex") });
    this.#open = undefined;
  }

  /** Adds a last file and ends the zip. */
  end(path: string, text: string): void {
    this.endFile();
    this.#zip.addBuffer(Buffer.from(text), path);
    this.#zip.end();
  }

  /** Whoever reads learns why no more comes. */
  fail(error: Error): void {
    this.#open?.stream.destroy();
    this.bytes.destroy(error);
  }
}

interface OpenFile extends Pick<ManifestFile, "path" | "service" | "kind"> {
  readonly stream: PassThrough;
  readonly hash: ReturnType<typeof createHash>;
  bytes: number;
  records: number;
}
