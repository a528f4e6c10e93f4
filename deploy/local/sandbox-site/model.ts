import { sandboxUser } from "../demo/main-job.ts";

/** What the sandbox site keeps, in WordPress' own words. */

export const STATUSES = ["publish", "future", "draft", "pending", "private"] as const;
export type Status = (typeof STATUSES)[number] | "trash";

export interface Post {
  readonly id: number;
  title: string;
  content: string;
  excerpt: string;
  status: Status;
  slug: string;
  author: number;
  /** Milliseconds since 1970. */
  date: number;
  /** Until somebody gives a date, a draft's moves to the moment it is published. */
  dateFixed: boolean;
  modified: number;
  featuredMedia: number;
  categories: number[];
  tags: number[];
  meta: Record<string, string>;
  /** Slugs under which it was once public: their addresses redirect. */
  oldSlugs: string[];
}

export interface Media {
  readonly id: number;
  slug: string;
  title: string;
  caption: string;
  altText: string;
  readonly author: number;
  readonly date: number;
  readonly mimeType: string;
  /** Below the uploads folder, e.g. `2026/11/pic.png`. */
  readonly file: string;
  readonly bytes: number;
  readonly width?: number;
  readonly height?: number;
}

export interface Term {
  readonly id: number;
  readonly taxonomy: "category" | "post_tag";
  readonly name: string;
  readonly slug: string;
}

export const ROLES = ["administrator", "editor", "author", "contributor", "subscriber"] as const;
export type Role = (typeof ROLES)[number];

export interface User {
  readonly id: number;
  readonly login: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Shown with spaces, accepted with and without. */
  readonly applicationPassword: string;
}

/** One user of each role, so that every refusal can be tried. The passwords open nothing but this sandbox. */
export const USERS: readonly User[] = ROLES.map((role, index) => ({
  id: index + 1,
  login: role,
  email: `${role}@sandbox.example`,
  name: `Sandbox ${role}`,
  role,
  applicationPassword:
    role === sandboxUser.username
      ? sandboxUser.applicationPassword
      : `abcd efgh ijkl mnop qrst 000${index + 1}`,
}));
