import { Refusal } from "./refusal.ts";

/** Control characters that no text has: everything below space but tab, line feed, form feed and carriage return. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;

/**
 * The text of a text file: by its byte order mark, else UTF-8, else Windows-1252 (what old editors write).
 * Undefined when the bytes are no text.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const text = decode(bytes);
  return text === undefined || CONTROL.test(text) ? undefined : text;
}

/** {@link decodeText} where the caller knows that it is text. */
export function mustDecodeText(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  if (text === undefined)
    throw new Refusal("file_broken", "The file has bytes that are no text. Save it again as UTF-8.");
  return text;
}

function decode(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Windows-1252 gives every byte a character, so it never fails; the check for control characters decides.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
