import { expect, it } from "vitest";
import type { AuditRow } from "../db.ts";
import { forClients } from "./for-clients.ts";

const told = (entry: Pick<AuditRow, "action" | "entity_kind" | "summary">) =>
  forClients({
    id: "",
    chain: "",
    event_id: "",
    sequence: 1,
    actor_kind: "user",
    actor_id: "",
    entity_ref: "",
    trace_id: "",
    request_id: "",
    occurred_on: new Date(0),
    previous_hash: "",
    hash: "",
    ...entry,
  }).summary;

it("a company's people read what happened, but not which provider or model stands behind an agent, or what that costs", () => {
  const config = { action: "agents.config.set", entity_kind: "agent_config" };
  expect(told({ ...config, summary: "blog-writer uses claude, claude-x" })).toBe(
    "What agents work with was changed.",
  );
  const failed = { action: "agents.run.failed", entity_kind: "agent_run" };
  expect(told({ ...failed, summary: "blog-writer failed: Claude (Anthropic)\nwas overloaded." })).toBe(
    "blog-writer failed",
  );
  const cap = { action: "agents.budget.set", entity_kind: "budget" };
  expect(told({ ...cap, summary: "The month's cap for this tenant: $1,012.50, 5 runs" })).toBe(
    "The month's cap for this tenant: a model cost, 5 runs",
  );
  const other = {
    action: "content.activity.created",
    entity_kind: "activity",
    summary: "It failed: so what",
  };
  expect(told(other)).toBe(other.summary);
});
