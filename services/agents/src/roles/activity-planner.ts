import { ContentType } from "@leadmetrics/proto/content/v1/plans";
import { z } from "zod";
import { unusable } from "../adapters/failure.ts";
import type { Material } from "../prompt/material.ts";
import { sketchPlan } from "../sketch/plan.ts";
import type { Role } from "./role.ts";

const answer = z.object({
  activities: z.array(
    z.object({
      deliverable: z.string().describe("D1, D2, … as the task names them"),
      title: z.string().trim().min(5).max(200),
      theme: z.string().trim().max(500).describe("what the item is about, in one or two sentences"),
    }),
  ),
});

/** Turns an approved plan into activities: one for each item that was promised. */
export const activityPlanner: Role = {
  name: "activity-planner",
  title: "Activity planner",
  group: "llm",
  credits: 1,
  // Plans are long answers: many of them at once must not keep every draft waiting.
  concurrency: 8,
  timeoutMs: 5 * 60_000,
  maxOutputTokens: 16_000,
  skills: ["content-planning"],
  instructions: [
    "You plan the single pieces of content of a marketing plan that the client has approved.",
    "Give every deliverable exactly as many items as it promises. No two items cover the same thing; together they",
    "serve the goals and the themes. Titles are specific to this client and its audience.",
  ].join("\n"),
  outputRules: "Answer with the JSON object that the schema describes and nothing else.",
  output: { kind: "object", name: "activities", jsonSchema: z.toJSONSchema(answer) },
  knowledge: {
    limit: 8,
    query: ({ input }) =>
      [input.title, ...(input.plan?.deliverables.map((item) => item.theme) ?? []), ...input.goals]
        .join(" ")
        .slice(0, 1_000),
  },
  accept(result, material) {
    const { activities } = answer.parse(result.object);
    const deliverables = deliverablesOf(material);
    return {
      case: "planner",
      value: {
        activities: deliverables.flatMap((deliverable, index) => {
          const key = `D${index + 1}`;
          const own = activities.filter((item) => item.deliverable === key);
          if (own.length < deliverable.quantity) {
            throw unusable(
              "invalid_output",
              `${key} needs ${deliverable.quantity} items, there are ${own.length}.`,
            );
          }
          return own.slice(0, deliverable.quantity).map((item) => ({
            contentType:
              deliverable.contentType === "social_post" ? ContentType.SOCIAL_POST : ContentType.BLOG_POST,
            deliverableRef: deliverable.ref,
            title: item.title,
            theme: item.theme,
          }));
        }),
      },
    };
  },
  sketch: (material) => JSON.stringify({ activities: sketchPlan(material) }, null, 2),
};

function deliverablesOf({ input }: Material) {
  if (!input.plan) throw unusable("no_plan", "The planner was asked without a plan.");
  return input.plan.deliverables;
}
