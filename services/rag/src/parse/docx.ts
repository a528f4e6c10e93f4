import mammoth from "mammoth";
import type { ParsedDocument } from "./document.ts";
import { htmlDocument } from "./html.ts";
import { Refusal } from "./refusal.ts";
import { listZip, refuseZipBomb } from "./zip.ts";

/** A Word document by its styles: Heading 1 becomes a heading, and so on. Pictures are left out. */
export async function parseDocx(bytes: Uint8Array): Promise<ParsedDocument> {
  refuseZipBomb(listZip(bytes), bytes.length);
  const html = await mammoth
    .convertToHtml(
      { buffer: Buffer.from(bytes) },
      {
        styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"],
        convertImage: mammoth.images.imgElement(async () => ({ src: "" })),
        externalFileAccess: false,
      },
    )
    .catch((error: unknown) => {
      throw new Refusal(
        "file_broken",
        "The Word document is damaged. Open it in Word, save it again and upload the new file.",
        error,
      );
    });
  return htmlDocument(html.value);
}
