/** Where to go after signing in: a path of this portal, never another site (`//evil.example`, `/\evil`, `javascript:`). */
export function safeNext(next: string | undefined): string {
  if (!next || !/^\/(?![/\\])/.test(next)) return "/";
  return next.startsWith("/login") ? "/" : next;
}
