import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Media, Post, Term } from "./model.ts";

type Kind = "posts" | "media" | "terms";

/**
 * The site's content: one JSON file a record, so that a thousand posts don't make each save slower, and a process that is
 * killed leaves every record whole.
 */
export class SiteStore {
  readonly #dir: string;
  readonly posts = new Map<number, Post>();
  readonly media = new Map<number, Media>();
  readonly terms = new Map<number, Term>();
  #lastId = 0;

  constructor(dir: string) {
    this.#dir = dir;
    for (const kind of ["posts", "media", "terms"] as const) mkdirSync(join(dir, kind), { recursive: true });
    this.#load("posts", this.posts);
    this.#load("media", this.media);
    this.#load("terms", this.terms);
    if (!this.terms.has(1))
      this.saveTerm({ id: 1, taxonomy: "category", name: "Uncategorized", slug: "uncategorized" });
    for (const id of [...this.posts.keys(), ...this.media.keys()]) this.#lastId = Math.max(this.#lastId, id);
  }

  /** Posts and media share one row of numbers. */
  nextId(): number {
    return ++this.#lastId;
  }

  savePost(post: Post): void {
    this.posts.set(post.id, post);
    this.#write("posts", post);
  }

  deletePost(id: number): void {
    this.posts.delete(id);
    rmSync(this.#path("posts", id), { force: true });
  }

  saveMedia(media: Media, bytes?: Uint8Array): void {
    this.media.set(media.id, media);
    if (bytes) {
      const path = this.uploadPath(media.file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    this.#write("media", media);
  }

  deleteMedia(media: Media): void {
    this.media.delete(media.id);
    rmSync(this.uploadPath(media.file), { force: true });
    rmSync(this.#path("media", media.id), { force: true });
  }

  saveTerm(term: Term): void {
    this.terms.set(term.id, term);
    this.#write("terms", term);
  }

  addTerm(taxonomy: Term["taxonomy"], name: string, slug: string): Term {
    const term = { id: Math.max(0, ...this.terms.keys()) + 1, taxonomy, name, slug };
    this.saveTerm(term);
    return term;
  }

  uploadPath(file: string): string {
    return join(this.#dir, "uploads", file);
  }

  /** Scheduled posts whose time has come; WordPress does this on whatever request comes next. */
  runCron(now: number): void {
    for (const post of this.posts.values()) {
      if (post.status !== "future" || post.date > now) continue;
      post.status = "publish";
      this.savePost(post);
    }
  }

  #load<T extends { id: number }>(kind: Kind, into: Map<number, T>): void {
    for (const name of readdirSync(join(this.#dir, kind))) {
      if (!name.endsWith(".json")) continue;
      const record: T = JSON.parse(readFileSync(join(this.#dir, kind, name), "utf8"));
      into.set(record.id, record);
    }
  }

  #path(kind: Kind, id: number): string {
    return join(this.#dir, kind, `${id}.json`);
  }

  #write(kind: Kind, record: { id: number }): void {
    const path = this.#path(kind, record.id);
    writeFileSync(`${path}.new`, JSON.stringify(record));
    renameSync(`${path}.new`, path);
  }
}
