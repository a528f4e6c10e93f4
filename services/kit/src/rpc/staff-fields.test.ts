import { create } from "@bufbuild/protobuf";
import { RunFailedSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { ListRunEventsResponseSchema, ListRunsResponseSchema } from "@leadmetrics/proto/agents/v1/runs";
import { TenantSchema } from "@leadmetrics/proto/tenancy/v1/tenants";
import { expect, it } from "vitest";
import { withoutStaffFields } from "./staff-fields.ts";

const run = {
  ref: "01RUN",
  adapter: "claude",
  model: "claude-x",
  problem: "The agent could not finish.",
  problemDetail: "Claude (Anthropic) could not be reached.",
  usage: { inputTokens: 5n, costMicroUsd: 12n },
};

it("what is kept for the platform's people is taken out, however deep it is, and everything else stays", () => {
  const runs = create(ListRunsResponseSchema, { runs: [run, run] });
  const shown = withoutStaffFields(ListRunsResponseSchema, runs);
  expect(shown.runs).toHaveLength(2);
  for (const each of shown.runs) {
    expect(each).toMatchObject({ ref: "01RUN", adapter: "", model: "", problemDetail: "" });
    expect(each.problem).toBe(run.problem);
    expect(each.usage).toMatchObject({ inputTokens: 5n, costMicroUsd: 0n });
  }
  expect(withoutStaffFields(RunFailedSchema, create(RunFailedSchema, { run })).run?.model).toBe("");
  const event = { sequence: 1n, event: { case: "note" as const, value: "Reading." }, noteDetail: "Claude." };
  const events = create(ListRunEventsResponseSchema, { events: [event] });
  const [told] = withoutStaffFields(ListRunEventsResponseSchema, events).events;
  expect(told).toMatchObject({ event: event.event, noteDetail: "" });
});

it("the message itself stays as it is, and one without such fields isn't copied", () => {
  const runs = create(ListRunsResponseSchema, { runs: [run] });
  withoutStaffFields(ListRunsResponseSchema, runs);
  expect(runs.runs[0]?.model).toBe("claude-x");
  const tenant = create(TenantSchema, { name: "Bakery" });
  expect(withoutStaffFields(TenantSchema, tenant)).toBe(tenant);
});
