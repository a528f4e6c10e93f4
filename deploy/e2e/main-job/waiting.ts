import type { Platform } from "@leadmetrics/local/platform";
import { describe, expect, it } from "vitest";
import { approvePlan } from "../../local/demo/main-job.ts";
import {
  activitiesIn,
  type Company,
  creditsOf,
  type Listed,
  newCompany,
  quiet,
  type Run,
  runsOf,
  until,
} from "../company.ts";

/** Milliseconds that drafts may take on a busy machine. */
export const JOB_MS = 120_000;

/** Everything a client reads of its runs and of what became of them. */
async function readByClient({ client }: Company, runRef: string): Promise<string> {
  const paths = ["runs", `runs/${runRef}`, `runs/${runRef}/events`, "activities", "plans", "audit"];
  const answers = await Promise.all(paths.map((path) => client.get<object>(`/tenant/v1/${path}`)));
  return answers.map(({ body }) => JSON.stringify(body)).join("\n");
}

/** Runs that wait for something a person gives, and go on by themselves then. */
export function waitingJourneys(platform: () => Platform): void {
  describe("a role that can't work", () => {
    it(
      "makes its runs wait with the reason, not fail, and go on by themselves when the setting is mended",
      async () => {
        const other = await newCompany(platform());
        const configs = `/admin/v1/tenants/${other.tenant}/configs`;
        await other.admin.put(configs, {
          role: "topic-researcher",
          adapter: "claude",
          model: "claude-sonnet-5-5",
        });
        const approved = await approvePlan(
          other.client,
          {
            title: "Without a key",
            start: "2026-12-01",
            end: "2026-12-31",
            deliverables: [
              { contentType: "blog_post", quantity: 1, theme: "Rye", channelRef: other.channelRef },
            ],
          },
          quiet,
        );
        const waiting = await until("the run that waits", JOB_MS, async () =>
          (await runsOf(other.client)).find((run) => run.status === "awaiting_config"),
        );
        expect(waiting.problem).toBe(
          "The agent can't work at the moment. Our team sees why; it goes on by itself when that is mended.",
        );
        expect(await readByClient(other, waiting.ref)).not.toMatch(/claude|anthropic|sonnet|api key/i);
        const staff = await other.admin.get<Run & { problemDetail: string; model: string }>(
          `/admin/v1/tenants/${other.tenant}/runs/${waiting.ref}`,
        );
        expect(staff.body.problemDetail).toBe(
          "No API key for Claude. Set ANTHROPIC_API_KEY, or enter a key in the agent's settings.",
        );
        expect((await creditsOf(other.client)).reserved).toBe(0);
        await other.admin.put(configs, { role: "topic-researcher", adapter: "offline" });
        await activitiesIn(other.client, approved.ref, "dm_review", 1, JOB_MS);
      },
      JOB_MS,
    );
  });

  describe("a company that runs out of credits in the middle", () => {
    it(
      "sees its runs wait, and go on by themselves when credits come, until every draft is there",
      async () => {
        const short = await newCompany(platform());
        const quantity = 60;
        const approved = await approvePlan(
          short.client,
          {
            title: "A lot",
            start: "2026-12-01",
            end: "2026-12-31",
            deliverables: [
              { contentType: "blog_post", quantity, theme: "Rye", channelRef: short.channelRef },
            ],
          },
          quiet,
        );
        await until("runs that wait for credits", JOB_MS, async () => {
          const runs = await runsOf(short.client);
          return runs.some((run) => run.status === "awaiting_credits") || undefined;
        });
        const waiting = (await runsOf(short.client)).find((run) => run.status === "awaiting_credits");
        expect(waiting?.problem).toContain("credits");
        await until("the word about it", 20_000, async () => {
          const { body } = await short.client.get<Listed<{ title: string }>>("/tenant/v1/notifications");
          return body.items.some(({ title }) => /credit/i.test(title)) || undefined;
        });
        await short.admin.post(`/admin/v1/tenants/${short.tenant}/credits`, {
          credits: 1_000,
          note: "more work",
        });
        await activitiesIn(short.client, approved.ref, "dm_review", quantity, JOB_MS);
        await until("all credits settled", 40_000, async () =>
          (await creditsOf(short.client)).reserved === 0 ? true : undefined,
        );
        // A planner, and three runs for each post, at one credit each: nothing was paid twice.
        expect((await creditsOf(short.client)).spent).toBe(1 + 3 * quantity);
      },
      2 * JOB_MS,
    );
  });
}
