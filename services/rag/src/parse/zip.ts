import { LIMITS } from "./limits.ts";
import { Refusal } from "./refusal.ts";

const END_RECORD = 0x06054b50;
const CENTRAL_ENTRY = 0x02014b50;
const END_RECORD_BYTES = 22;
const CENTRAL_ENTRY_BYTES = 46;
/** The end record may be followed by a comment of this many bytes. */
const MAX_COMMENT = 0xffff;

export interface ZipListing {
  readonly names: readonly string[];
  readonly unpackedBytes: number;
}

/**
 * What a zip archive says it contains, read from its directory without unpacking anything.
 *
 * @throws Refusal `file_broken` when it has no readable directory
 */
export function listZip(bytes: Uint8Array): ZipListing {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let offset = view.getUint32(end + 16, true);
  const names: string[] = [];
  let unpackedBytes = 0;
  for (let index = 0; index < count; index++) {
    if (offset + CENTRAL_ENTRY_BYTES > view.byteLength || view.getUint32(offset, true) !== CENTRAL_ENTRY)
      throw broken();
    unpackedBytes += view.getUint32(offset + 24, true);
    const nameLength = view.getUint16(offset + 28, true);
    const start = offset + CENTRAL_ENTRY_BYTES;
    names.push(new TextDecoder().decode(bytes.subarray(start, start + nameLength)));
    offset = start + nameLength + view.getUint16(offset + 30, true) + view.getUint16(offset + 32, true);
  }
  return { names, unpackedBytes };
}

/** Refuses an archive that would unpack to far more than it is. A directory that lies meets the thread's heap limit. */
export function refuseZipBomb(listing: ZipListing, packedBytes: number): void {
  const most = Math.min(LIMITS.unpackedBytes, Math.max(packedBytes, 10_000) * LIMITS.unpackedRatio);
  if (listing.unpackedBytes <= most && listing.names.length <= LIMITS.zipEntries) return;
  throw new Refusal(
    "file_too_complex",
    "The document unpacks to far more than a document of its size should. Export it again.",
  );
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_RECORD_BYTES - MAX_COMMENT);
  for (let at = view.byteLength - END_RECORD_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === END_RECORD) return at;
  }
  throw broken();
}

function broken(): Refusal {
  return new Refusal(
    "file_broken",
    "The document is damaged or incomplete. Open it, save it again and upload the new file.",
  );
}
