import type { Person } from "../people.ts";
import { type Answer, Rest, until } from "./rest.ts";

/** Where the pieces of a running platform are reached. */
export interface Addresses {
  readonly gateway: string;
  /** JSON API of the local mail catcher. */
  readonly mail: string;
  readonly sandboxSite: string;
  /** See {@link Rest.patienceMs}. */
  readonly patienceMs?: number;
}

/** One line of the story: what happened, how long it took, and the trace it left, when one call stands behind it. */
export type Tell = (hop: string, ms: number, traceId?: string) => void;

export interface Activity {
  readonly ref: string;
  readonly title: string;
  readonly status: string;
  readonly version: number;
  readonly contentHash: string;
  readonly publishedUrl: string;
  readonly problem: string;
  readonly contentType: string;
}
export interface Listed<T> {
  readonly items: T[];
}
interface Plan {
  readonly ref: string;
  readonly version: number;
}

/** How long an agent, an index or a mail may take before the demo gives up. */
const PATIENCE_MS = 90_000;

export async function signIn(
  gateway: string,
  person: Pick<Person, "email" | "password">,
  portal: string,
): Promise<Rest> {
  const rest = new Rest(gateway);
  const { body } = await rest.post<{ accessToken: string }>("/auth/v1/login", {
    email: person.email,
    password: person.password,
    portal,
  });
  rest.token = body.accessToken;
  return rest;
}

/** Signs a client company up as a person would: the form, the mailed link, the first login. */
export async function signUp(at: Addresses, person: Person, companyName: string, tell: Tell): Promise<Rest> {
  const anyone = new Rest(at.gateway);
  anyone.patienceMs = at.patienceMs ?? 0;
  const form = await anyone.post("/auth/v1/register", { ...person, companyName });
  tell("signed up", form.ms, form.traceId);
  const patienceMs = Math.max(PATIENCE_MS, at.patienceMs ?? 0);
  const started = performance.now();
  const token = await until("the verification mail", patienceMs, () => mailedToken(at.mail, person.email));
  tell("verification mail came", performance.now() - started);
  const verified = await anyone.post("/auth/v1/verify-email", { token });
  tell("e-mail address verified", verified.ms, verified.traceId);
  const since = performance.now();
  const client = await until("the tenant of the new client", patienceMs, () =>
    signIn(at.gateway, person, "dashboard").catch(() => undefined),
  );
  tell("tenant created, signed in", performance.now() - since);
  return client;
}

async function mailedToken(mail: string, address: string): Promise<string | undefined> {
  const response = await fetch(`${mail}/api/messages?to=${encodeURIComponent(address)}`);
  const { items } = (await response.json()) as { items: { text: string; html: string }[] };
  for (const message of items) {
    const token = /[?&]token=([\w.~-]+)/.exec(`${message.text}\n${message.html}`)?.[1];
    if (token) return token;
  }
  return undefined;
}

export async function describeCompany(
  client: Rest,
  context: Record<string, unknown>,
  tell: Tell,
): Promise<void> {
  const now = await client.get<{ version: number }>("/tenant/v1/context");
  const saved = await client.put("/tenant/v1/context", { context, version: now.body.version });
  tell("client context saved", saved.ms, saved.traceId);
}

export async function uploadKnowledge(
  client: Rest,
  files: { name: string; type: string; content: string | Uint8Array<ArrayBuffer> }[],
  tell: Tell,
): Promise<void> {
  const form = new FormData();
  for (const file of files) form.append("files", new Blob([file.content], { type: file.type }), file.name);
  const sent = await client.upload<
    Listed<{ name: string; file?: { ref: string }; error?: { message: string } }>
  >("/tenant/v1/files", form);
  tell(`${sent.body.items.length} files uploaded`, sent.ms, sent.traceId);
  for (const item of sent.body.items) {
    if (item.error) tell(`  ${item.name} refused: ${item.error.message}`, 0);
  }
  const refs = sent.body.items.flatMap((item) => (item.file ? [item.file.ref] : []));
  const started = performance.now();
  await until("indexing the knowledge", PATIENCE_MS, async () => {
    const listed = await client.get<Listed<{ ref: string; status: string }>>("/tenant/v1/files?pageSize=100");
    const mine = listed.body.items.filter((file) => refs.includes(file.ref));
    return mine.every((file) => file.status === "indexed" || file.status === "refused") ? true : undefined;
  });
  tell("knowledge indexed", performance.now() - started);
}

export async function connectSandbox(client: Rest, at: Addresses, tell: Tell): Promise<string> {
  const connected = await client.post<{ ref: string }>("/tenant/v1/channels", {
    kind: "wordpress",
    name: "Sandbox site",
    siteUrl: at.sandboxSite,
    username: sandboxUser.username,
    applicationPassword: sandboxUser.applicationPassword,
  });
  tell("WordPress channel tested and connected", connected.ms, connected.traceId);
  return connected.body.ref;
}

/** The editor account of the sandbox site. Development only. */
export const sandboxUser = {
  username: "editor",
  applicationPassword: "abcd efgh ijkl mnop qrst uvwx",
} as const;

export async function approvePlan(
  client: Rest,
  plan: { title: string; start: string; end: string; deliverables: Record<string, unknown>[] },
  tell: Tell,
): Promise<{ ref: string; traceId: string }> {
  const created = await client.post<Plan>("/tenant/v1/plans", plan);
  tell("deliverable plan written", created.ms, created.traceId);
  const approved = await client.post<Plan>(`/tenant/v1/plans/${created.body.ref}/approve`, {
    version: created.body.version,
  });
  tell("plan approved", approved.ms, approved.traceId);
  return { ref: approved.body.ref, traceId: approved.traceId };
}

/** Waits until an activity of the plan has one of the states; tells on the way what each agent is at. */
export async function awaitActivity(
  rest: Rest,
  path: string,
  states: string[],
  what: string,
  tell: Tell,
): Promise<Activity> {
  const started = performance.now();
  const found = await until(what, PATIENCE_MS, async () => {
    const { body } = await rest.get<Listed<Activity>>(path);
    const broken = body.items.find((activity) => activity.status === "failed");
    if (broken) throw new Error(`"${broken.title}" failed: ${broken.problem}`);
    return body.items.find((activity) => states.includes(activity.status));
  });
  tell(what, performance.now() - started);
  return found;
}

/** The decision a person takes on exactly what they have read. */
export function decide(
  rest: Rest,
  path: string,
  activity: Pick<Activity, "version" | "contentHash">,
  extra: Record<string, unknown> = {},
): Promise<Answer<Activity>> {
  return rest.post<Activity>(path, {
    version: activity.version,
    contentHash: activity.contentHash,
    ...extra,
  });
}
