/**
 * Whether an installed platform answers: the gateway is healthy, the first super admin can sign in and every portal shows its
 * sign-in. Run by `skaffold verify` inside the cluster, where GATEWAY_URL, PORTAL_URLS and BOOTSTRAP_USERS are set.
 */

/** Milliseconds, in all and for one answer. */
const DEADLINE_MS = 240_000;
const ANSWER_MS = 10_000;
const PAUSE_MS = 2_000;

const gateway = process.env.GATEWAY_URL ?? "http://127.0.0.1:3003";
const portals = (process.env.PORTAL_URLS ?? "").split(",").filter(Boolean);
const [admin] = JSON.parse(process.env.BOOTSTRAP_USERS ?? "[]") as { email: string; password: string }[];

const until = Date.now() + DEADLINE_MS;
await passes("the gateway is healthy", () => fetch(`${gateway}/healthz`, limits()));
if (admin)
  await passes("the super admin can sign in", () =>
    fetch(`${gateway}/auth/v1/login`, {
      ...limits(),
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: admin.email, password: admin.password, portal: "manage" }),
    }),
  );
for (const url of portals) await passes(`${url} shows its sign-in`, () => fetch(`${url}/login`, limits()));

/** Tries until the deadline: right after an installation not everything is there at once. */
async function passes(what: string, ask: () => Promise<Response>): Promise<void> {
  let why = "";
  do {
    const answer = await ask().catch((error: unknown) => {
      why = error instanceof Error ? error.message : String(error);
    });
    if (answer?.ok) return console.log(`✓ ${what}`);
    if (answer) why = `${answer.status} ${(await answer.text()).slice(0, 300)}`;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  } while (Date.now() < until);
  console.error(`✗ ${what}: ${why}`);
  process.exit(1);
}

function limits(): RequestInit {
  return { signal: AbortSignal.timeout(ANSWER_MS) };
}
