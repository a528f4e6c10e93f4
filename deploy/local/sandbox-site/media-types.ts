export interface FileType {
  readonly extension: string;
  readonly mimeType: string;
}

const startsWith = (bytes: Buffer, hex: string) => bytes.subarray(0, hex.length / 2).toString("hex") === hex;

const IMAGES: readonly (FileType & {
  readonly is: (bytes: Buffer) => boolean;
  readonly names: readonly string[];
})[] = [
  {
    extension: "png",
    mimeType: "image/png",
    names: ["png"],
    is: (bytes) => startsWith(bytes, "89504e470d0a1a0a"),
  },
  {
    extension: "jpg",
    mimeType: "image/jpeg",
    names: ["jpg", "jpeg"],
    is: (bytes) => startsWith(bytes, "ffd8ff"),
  },
  { extension: "gif", mimeType: "image/gif", names: ["gif"], is: (bytes) => startsWith(bytes, "47494638") },
  {
    extension: "webp",
    mimeType: "image/webp",
    names: ["webp"],
    is: (bytes) => startsWith(bytes, "52494646") && bytes.subarray(8, 12).toString("latin1") === "WEBP",
  },
];

const OTHERS: Record<string, string> = {
  pdf: "application/pdf",
  mp4: "video/mp4",
  mp3: "audio/mpeg",
  txt: "text/plain",
  csv: "text/csv",
  zip: "application/zip",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
};

/**
 * What WordPress takes a file for: an image by its bytes, whatever its name says; other types by name. Undefined for what
 * it refuses: scripts, SVG, and text that calls itself an image.
 */
export function sniff(bytes: Buffer, name: string): FileType | undefined {
  const extension = (/\.([^.]+)$/.exec(name)?.[1] ?? "").toLowerCase();
  const named = IMAGES.find((image) => image.names.includes(extension));
  if (named) {
    const real = IMAGES.find((image) => image.is(bytes));
    if (!real) return undefined;
    return { extension: real === named ? extension : real.extension, mimeType: real.mimeType };
  }
  const mimeType = OTHERS[extension];
  return mimeType ? { extension, mimeType } : undefined;
}

/** Pixels, from the header alone. */
export function imageSize(bytes: Buffer, mimeType: string): { width: number; height: number } | undefined {
  if (mimeType === "image/png" && bytes.length >= 24)
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (mimeType === "image/gif" && bytes.length >= 10)
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  if (mimeType === "image/jpeg") return jpegSize(bytes);
  return undefined;
}

function jpegSize(bytes: Buffer): { width: number; height: number } | undefined {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
