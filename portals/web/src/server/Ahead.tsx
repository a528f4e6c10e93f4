import { headers } from "next/headers";
import type { Answers } from "../api/ahead.ts";
import { KeepAnswers } from "../app/KeepAnswers.tsx";
import { callGateway } from "./calls.ts";
import { accessCookie, gatewayUrl, type Portal } from "./portal.ts";
import { callerHeaders } from "./proxy.ts";
import { parseCookies } from "./token.ts";

export { p } from "../api/path.ts";

/** Who waits longer than this asks again by themselves. */
const TIMEOUT_MS = 5_000;

/**
 * Asks the gateway for what the page will ask for in any case, while the browser still fetches the page's code. The page is
 * not held up: the answers follow it in the same response. What fails is left to the page, which knows how to say it. Of pages
 * the router fetches nothing is asked: it may keep them, and shows them when their answers are no longer true.
 *
 * @param of paths of GETs with their query, exactly as the page asks: an answer nobody asks for is a call for nothing
 */
export async function Ahead({ portal, of }: { portal: Portal; of: readonly string[] }) {
  const own = await callerOf(portal);
  if (!own) return null;
  const answers: Answers = Object.fromEntries(of.map((path) => [path, ask(path, own)]));
  return <KeepAnswers answers={answers} />;
}

/** One answer, for a page whose other questions depend on it; undefined where {@link Ahead} would ask nothing. */
export async function answerAhead(portal: Portal, path: string): Promise<unknown> {
  const own = await callerOf(portal);
  return own && ask(path, own);
}

/** With what the person's call is made; undefined when nobody is signed in, or the router fetches the page. */
async function callerOf(portal: Portal): Promise<Record<string, string> | undefined> {
  const incoming = await headers();
  if (incoming.get("sec-fetch-dest") === "empty") return undefined;
  const token = parseCookies(incoming.get("cookie")).get(accessCookie(portal));
  if (!token) return undefined;
  return {
    ...callerHeaders({ headers: incoming }),
    accept: "application/json",
    "x-lm-portal": portal,
    cookie: `${accessCookie(portal)}=${token}`,
  };
}

async function ask(path: string, headers: Record<string, string>): Promise<unknown> {
  try {
    const answer = await callGateway("api", `${gatewayUrl()}${path}`, {
      headers,
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
