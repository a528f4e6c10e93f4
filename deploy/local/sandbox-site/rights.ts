import type { Post, Role, Status, User } from "./model.ts";

/** Capabilities of WordPress' roles, as far as posts and media need them. */
const RANK: Record<Role, number> = { subscriber: 0, contributor: 1, author: 2, editor: 3, administrator: 4 };

const atLeast = (user: User | undefined, role: Role): boolean =>
  user !== undefined && RANK[user.role] >= RANK[role];

export const mayWrite = (user: User | undefined): boolean => atLeast(user, "contributor");
export const mayPublish = (user: User | undefined): boolean => atLeast(user, "author");
export const mayUpload = (user: User | undefined): boolean => atLeast(user, "author");
export const mayEditOthers = (user: User | undefined): boolean => atLeast(user, "editor");
export const mayManageCategories = (user: User | undefined): boolean => atLeast(user, "editor");

const isPublic = (status: Status): boolean =>
  status === "publish" || status === "private" || status === "future";

export function mayEdit(user: User | undefined, post: Pick<Post, "author" | "status">): boolean {
  if (!user) return false;
  if (mayEditOthers(user)) return true;
  if (user.id !== post.author) return false;
  return isPublic(post.status) ? mayPublish(user) : mayWrite(user);
}

/** Published posts are everybody's; the rest needs the right to edit it. */
export function mayRead(user: User | undefined, post: Pick<Post, "author" | "status">): boolean {
  return post.status === "publish" || mayEdit(user, post);
}
