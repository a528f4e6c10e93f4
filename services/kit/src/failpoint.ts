/**
 * A named place where a crash test can end the process as a power cut would. Does nothing unless `FAILPOINT` names it,
 * and nothing at all in production.
 */
export function failpoint(name: string): void {
  if (process.env.FAILPOINT !== name || process.env.NODE_ENV === "production") return;
  process.kill(process.pid, "SIGKILL");
}
