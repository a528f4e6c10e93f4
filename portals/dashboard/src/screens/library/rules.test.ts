import type { Activity } from "@leadmetrics/web";
import { expect, it } from "vitest";
import { offers } from "./rules.ts";

it("offers what can be done to some of the picked, with how many", () => {
  const item = (status: Activity["status"]) => ({ status }) as Activity;
  const of = (...states: Activity["status"][]) =>
    offers(states.map(item), true).map(({ action, items }) => `${action} ${items.length}`);
  expect(of("client_review", "approved")).toEqual(["approve 1", "hold 2", "cancel 2"]);
  const apart = offers([item("client_review")], false).map(({ action }) => action);
  expect(apart).toEqual(["hold", "cancel"]);
  expect(of("on_hold")).toEqual(["resume 1", "cancel 1"]);
  expect(of("publish_failed", "failed")).toEqual(["retry 2", "hold 1", "cancel 1"]);
  expect(of("published", "publishing")).toEqual([]);
});
