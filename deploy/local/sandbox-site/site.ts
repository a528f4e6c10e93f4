import type { FastifyRequest } from "fastify";
import { WpError } from "./errors.ts";
import { Faults } from "./faults.ts";
import { type Media, type Post, USERS, type User } from "./model.ts";
import { SiteStore } from "./store.ts";

/** What every route of the sandbox site works with. */
export class Site {
  readonly store: SiteStore;
  readonly faults: Faults;
  readonly users: readonly User[] = USERS;
  /** Milliseconds since 1970; a test may set the clock. */
  readonly now: () => number;

  constructor(dir: string, options: { faults: boolean; now?: () => number }) {
    this.store = new SiteStore(dir);
    this.faults = new Faults(options.faults);
    this.now = options.now ?? Date.now;
  }

  /**
   * Who asks. Wrong credentials make an anonymous reader, not an error, as in WordPress, unless a plugin looks the user
   * up early.
   */
  userOf(request: FastifyRequest): User | undefined {
    const fault = this.faults.of(request);
    if (fault.applicationPasswordsOff) return undefined;
    const header = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (!header) return undefined;
    const [name = "", ...rest] = Buffer.from(header, "base64").toString("utf8").split(":");
    const password = rest.join(":").replaceAll(" ", "");
    const user = this.users.find((each) => each.login === name || each.email === name);
    if (user && user.applicationPassword.replaceAll(" ", "") === password) return user;
    if (!fault.earlyUserLookup) return undefined;
    if (!user)
      throw new WpError(
        401,
        "invalid_username",
        "<strong>Error:</strong> Unknown username. Check again or try your email address.",
      );
    throw new WpError(
      401,
      "incorrect_password",
      "<strong>Error:</strong> The provided password is an invalid application password.",
    );
  }

  /** A public post's address; any other's is its number. */
  link(post: Post, home: string): string {
    if (post.status !== "publish" && post.status !== "private") return `${home}/?p=${post.id}`;
    return `${home}${permalink(post.date, post.slug)}`;
  }

  uploadUrl(media: Media, home: string): string {
    return `${home}/wp-content/uploads/${media.file}`;
  }
}

export function permalink(date: number, slug: string): string {
  const [year, month, day] = new Date(date).toISOString().slice(0, 10).split("-");
  return `/${year}/${month}/${day}/${slug}/`;
}

/** The site's address as the client wrote it. */
export function homeOf(request: FastifyRequest): string {
  return `http://${request.headers.host ?? "127.0.0.1"}`;
}
