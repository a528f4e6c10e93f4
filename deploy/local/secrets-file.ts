import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

/** Every secret made here carries the mark, and a production process refuses whatever carries it. */
const MARK = "development-only";

const contents = z.record(z.string(), z.string());

/** Development secrets of one platform, made when first asked for and kept in a file only its owner can read. */
export class SecretsFile {
  readonly #path: string;
  readonly #values: Record<string, string>;

  constructor(path: string) {
    this.#path = path;
    this.#values = read(path);
  }

  /** A password or client secret. */
  secret(name: string): string {
    return this.#keep(name, () => `${MARK}-${randomBytes(24).toString("base64url")}`);
  }

  /** A 32-byte key in the `kid:base64` form of ENCRYPTION_KEYS. */
  encryptionKey(name: string): string {
    return this.#keep(name, () => `${MARK}-1:${randomBytes(32).toString("base64")}`);
  }

  #keep(name: string, make: () => string): string {
    const known = this.#values[name];
    if (known !== undefined) return known;
    const made = make();
    this.#values[name] = made;
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, `${JSON.stringify(this.#values, null, 2)}\n`, { mode: 0o600 });
    chmodSync(this.#path, 0o600);
    return made;
  }
}

function read(path: string): Record<string, string> {
  try {
    return contents.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new Error(
      `${path} can't be read as the development secrets: start with --fresh to make new ones.`,
      { cause: error },
    );
  }
}
