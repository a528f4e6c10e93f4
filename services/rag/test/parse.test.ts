import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parseApart } from "../src/parse/apart.ts";
import type { FileKind } from "../src/parse/document.ts";
import { sniffKind } from "../src/parse/sniff.ts";
import { docx, pdf, zip } from "./files.ts";

const text = (value: string) => new TextEncoder().encode(value);
const refused = (reason: string) => expect.objectContaining({ name: "Refusal", reason });

describe("a file is what its content says", () => {
  it.each<[string, Uint8Array, FileKind]>([
    ["brief.pdf", pdf(["Hello"]), "pdf"],
    ["brief.DOCX", docx([["Normal", "Hello"]]), "docx"],
    ["brief.md", text("# Hello"), "markdown"],
    ["brief.html", text("<p>Hello</p>"), "html"],
    ["brief.txt", text("Hello <b>there</b>"), "text"],
    ["brief", text("Hello"), "text"],
    ["latin1.txt", Buffer.from("Gr\xfc\xdfe", "latin1"), "text"],
  ])("%s", async (name, bytes, kind) => {
    expect(await sniffKind(name, bytes)).toBe(kind);
  });

  it.each<[string, Uint8Array, string]>([
    ["empty.pdf", new Uint8Array(), "file_empty"],
    ["blank.txt", text(" \n\t "), "file_empty"],
    ["fake.pdf", text("I am no PDF"), "file_type_mismatch"],
    ["fake.docx", pdf(["Hello"]), "file_type_mismatch"],
    ["fake.md", docx([["Normal", "Hello"]]), "file_type_mismatch"],
    [
      "fake.txt",
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
      "file_type_mismatch",
    ],
    ["sheet.docx", zip({ "xl/workbook.xml": "<x/>" }), "file_type_mismatch"],
    ["tool.exe", text("MZ"), "file_type_unsupported"],
    [
      "photo",
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1]),
      "file_type_unsupported",
    ],
    ["cut.docx", docx([["Normal", "Hello"]]).subarray(0, 300), "file_broken"],
    [
      "old.docx",
      Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.from("EncryptedPackage", "utf16le")]),
      "file_encrypted",
    ],
  ])("%s is refused: %s %s", async (name, bytes, reason) => {
    await expect(sniffKind(name, bytes)).rejects.toEqual(refused(reason));
  });
});

describe("each kind keeps its text and its structure", () => {
  it("a PDF, by page", async () => {
    const { blocks } = await parseApart(
      "pdf",
      pdf(["Feed the starter twice a day.", "Bake at 250 degrees."]),
    );
    expect(blocks).toEqual([
      { text: "Feed the starter twice a day.", headings: [], page: 1 },
      { text: "Bake at 250 degrees.", headings: [], page: 2 },
    ]);
  });

  it("a PDF as a browser prints it, with embedded fonts", async () => {
    const document = await parseApart(
      "pdf",
      await readFile(new URL("./fixtures/rye-handbook.pdf", import.meta.url)),
    );
    expect(document.title).toBe("Rye bread handbook");
    expect(document.blocks.find(({ page }) => page === 2)?.text).toMatch(
      /keeps for eight days at room\s+temperature/,
    );
  });

  it("a Word document, by its headings", async () => {
    const bytes = docx([
      ["Heading1", "Care"],
      ["Normal", "Keep it warm."],
      ["Heading2", "Feeding"],
      ["Normal", "Equal parts &amp; by weight."],
    ]);
    expect(await parseApart("docx", bytes)).toEqual({
      title: "Care",
      blocks: [
        { text: "Keep it warm.", headings: ["Care"] },
        { text: "Equal parts & by weight.", headings: ["Care", "Feeding"] },
      ],
    });
  });

  it("Markdown, where a heading inside code is none", async () => {
    const source =
      "---\ntitle: Guide\n---\nIntro\n\n## Steps ##\n\n```sh\n# not a heading\nrun\n```\n\nSetext\n======\nlast";
    expect(await parseApart("markdown", text(source))).toEqual({
      title: "Guide",
      blocks: [
        { text: "Intro", headings: [] },
        { text: "```sh\n# not a heading\nrun\n```", headings: ["Steps"] },
        { text: "last", headings: ["Setext"] },
      ],
    });
  });

  it("a web page without what surrounds its content", async () => {
    const page = `<html><head><title>Starters</title><script>alert(1)</script></head><body><nav>Home Shop</nav>
      <main><h1>Starters</h1><p>${"A lively starter doubles in four hours. ".repeat(8)}</p><h2>Ratio</h2><ul><li>1 part <a href="/flour">flour</a></li></ul>
      <table><tr><td>Rye</td><td>100 %</td></tr></table></main><footer>© Bakery</footer></body></html>`;
    const { title, blocks } = await parseApart("html", text(page));
    const all = blocks.map((block) => block.text).join("\n");
    expect(title).toBe("Starters");
    expect(all).toContain("A lively starter doubles in four hours.");
    expect(all).toContain("1 part flour");
    expect(all).toContain("Rye | 100 %");
    expect(all).not.toMatch(/alert|Home Shop|Bakery|\/flour/);
    expect(blocks.at(-1)?.headings).toEqual(["Starters", "Ratio"]);
  });

  it("text, by paragraph", async () => {
    expect(
      (await parseApart("text", text("One\r\nline\r\n\r\nTwo"))).blocks.map((block) => block.text),
    ).toEqual(["One\nline", "Two"]);
  });
});

describe("what can't be read is refused with the reason", () => {
  it.each<[string, FileKind, () => Uint8Array, string]>([
    ["a PDF with a password", "pdf", () => pdf(["secret"], { encrypted: true }), "file_encrypted"],
    ["a truncated PDF", "pdf", () => Buffer.from("%PDF-1.4\n1 0 obj\n<< /Ty"), "file_broken"],
    ["a PDF without text", "pdf", () => pdf([""]), "file_without_text"],
    [
      "a Word document without its text",
      "docx",
      () => zip({ "word/document.xml": "<broken" }),
      "file_broken",
    ],
    ["an empty Word document", "docx", () => docx([]), "file_without_text"],
    [
      "a zip bomb",
      "docx",
      () => zip({ "word/document.xml": Buffer.alloc(60 * 1024 * 1024) }),
      "file_too_complex",
    ],
    ["a page that only nests", "html", () => text("<div>".repeat(100_000)), "file_too_complex"],
  ])("%s", async (_, kind, bytes, reason) => {
    await expect(parseApart(kind, bytes())).rejects.toEqual(refused(reason));
  });

  it("a file that takes too long, while the event loop stays free", async () => {
    const pages = Array.from({ length: 900 }, (_, page) => `Page ${page} ${"lorem ipsum ".repeat(100)}`);
    let turns = 0;
    const ticking = setInterval(() => turns++, 5);
    await expect(parseApart("pdf", pdf(pages), { limitMs: 150 })).rejects.toEqual(refused("file_too_slow"));
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(10);
  });
});
