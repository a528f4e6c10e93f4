/** Whether a server is there to run a suite against. */
export async function answers(url: string | undefined, path: string): Promise<boolean> {
  if (!url) return false;
  return fetch(new URL(path, url), { signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  );
}
