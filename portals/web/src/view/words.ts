import { sentence } from "@leadmetrics/ui";
import type { Actor, ContentType, Run, Step, Usage } from "../api/shapes.ts";

/** Words for what the API names in code. */

export const contentTypes: Record<ContentType, { one: string; many: string }> = {
  blog_post: { one: "Blog post", many: "Blog posts" },
  social_post: { one: "Social post", many: "Social posts" },
};

/** "blog-writer" → "Blog writer". */
export const roleTitle = (role: string): string => sentence(role) || "Agent";

/** "$0.042 · 9 credits"; nothing before it has cost anything. */
export function costText(usage: Usage | null | undefined, credits = 0): string {
  const parts: string[] = [];
  const usd = Number(usage?.costMicroUsd ?? 0) / 1_000_000;
  if (usd > 0) parts.push(`$${usd < 0.1 ? usd.toFixed(3) : usd.toFixed(2)}`);
  if (credits > 0) parts.push(credits === 1 ? "1 credit" : `${credits} credits`);
  return parts.join(" · ");
}

/** How far a run is, 0 to 1: by its text against the length its kind usually has; undefined before it writes. */
export function progressOf(run: Pick<Run, "role" | "status">, textLength: number): number | undefined {
  if (run.status === "succeeded") return 1;
  if (textLength === 0) return undefined;
  const usual = run.role === "blog-writer" ? 6500 : run.role === "social-post-writer" ? 900 : 3000;
  return Math.min(0.96, textLength / usual);
}

/** Steps done, of all that are not skipped. */
export function stepsDone(steps: readonly Step[]): { done: number; of: number } {
  const counted = steps.filter((step) => step.status !== "skipped");
  return { done: counted.filter((step) => step.status === "done").length, of: counted.length };
}

/** A line of the record as a sentence: "goal advanced" → "Goal advanced"; names such as "walks.md" stay as they are. */
export const capitalised = (text: string): string =>
  /^[a-z][a-z-]*(\s|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;

/** Who did something, as far as it is known: a person's name, the agent's role, or the platform. */
export function actorName(actor: Actor | null | undefined): string {
  if (!actor) return "";
  if (actor.name) return actor.name;
  if (actor.kind === "agent") return /[a-z]-[a-z]/.test(actor.id) ? roleTitle(actor.id) : "Agent";
  return actor.kind === "user" ? "" : "Leadmetrics";
}
