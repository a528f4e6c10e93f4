import { RunProgressedSchema, RunSucceededSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { UserRegisteredSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { CrawlProgressedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { SetupRequestedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { expect, it } from "vitest";
import { isForClients, shownEvent } from "./catalogue.ts";

it("clients see how their website is read, but what an agent writes only where no reviewer stands between", () => {
  expect(isForClients(CrawlProgressedSchema.typeName, {})).toBe(true);
  expect(isForClients(RunProgressedSchema.typeName, { openToClient: true })).toBe(true);
  for (const data of [{}, { openToClient: false }, { openToClient: "true" }])
    expect(isForClients(RunProgressedSchema.typeName, data)).toBe(false);
  expect(isForClients(RunSucceededSchema.typeName, {})).toBe(false);
});

it("what isn't listed never leaves the platform", () => {
  for (const schema of [UserRegisteredSchema, SetupRequestedSchema])
    expect(shownEvent(schema.typeName)).toBeUndefined();
});
