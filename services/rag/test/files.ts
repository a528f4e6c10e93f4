import { crc32, deflateRawSync } from "node:zlib";

/** A PDF of one text per page, as a simple writer would make it. */
export function pdf(pages: readonly string[], options: { encrypted?: boolean } = {}): Buffer {
  const objects: string[] = [];
  const kids = pages.map((_, index) => `${4 + 2 * index} 0 R`).join(" ");
  objects[1] = "<< /Type /Catalog /Pages 2 0 R >>";
  objects[2] = `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`;
  objects[3] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
  for (const [index, text] of pages.entries()) {
    const lines = text.match(/.{1,80}(\s|$)/g) ?? [];
    const content = `BT /F1 12 Tf 72 720 Td 14 TL ${lines.map((line) => `(${line.trim().replaceAll(/[()\\]/g, "\\$&")}) Tj T*`).join(" ")} ET`;
    objects[4 + 2 * index] =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`;
    objects[5 + 2 * index] = `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
  }
  const secret = `<${"5a".repeat(32)}>`;
  if (options.encrypted) objects.push(`<< /Filter /Standard /V 1 /R 2 /O ${secret} /U ${secret} /P -4 >>`);
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, number) => {
    const offset = body.length;
    body += `${number} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = body.length;
  const rows = offsets
    .slice(1)
    .map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`)
    .join("");
  const encrypt = options.encrypted ? ` /Encrypt ${objects.length - 1} 0 R /ID [${secret} ${secret}]` : "";
  body += `xref\n0 ${objects.length}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length} /Root 1 0 R${encrypt} >>\nstartxref\n${table}\n%%EOF`;
  return Buffer.from(body, "latin1");
}

export type Paragraph = readonly [style: "Heading1" | "Heading2" | "Normal", text: string];

/** A Word document with styled paragraphs. */
export function docx(paragraphs: readonly Paragraph[]): Buffer {
  const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  const body = paragraphs
    .map(
      ([style, text]) =>
        `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`,
    )
    .join("");
  const style = (id: string, name: string) =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`;
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml";
  const relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  return zip({
    "[Content_Types].xml": `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${kinds}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${kinds}.styles+xml"/></Types>`,
    "_rels/.rels": `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relation}/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/_rels/document.xml.rels": `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relation}/styles" Target="styles.xml"/></Relationships>`,
    "word/styles.xml": `${head}<w:styles ${w}>${style("Heading1", "heading 1")}${style("Heading2", "heading 2")}${style("Normal", "Normal")}</w:styles>`,
    "word/document.xml": `${head}<w:document ${w}><w:body>${body}</w:body></w:document>`,
  });
}

/** A zip archive, deflated. */
export function zip(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const plain = Buffer.from(content);
    const packed = deflateRawSync(plain);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), common, tail, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listing, end]);
}
