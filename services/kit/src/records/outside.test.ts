import { expect, it } from "vitest";
import { newId, toRef } from "../ids.ts";
import { exportedRecord, isLeftOut } from "./outside.ts";

it("an exported record has the words and references that are shown outside", () => {
  const id = newId();
  const plan = newId();
  expect(
    exportedRecord(
      {
        id,
        plan_id: plan,
        created_on: "2026-12-01T10:00:00+00:00",
        body: plan,
        document: "\\x4142",
        x: null,
      },
      [
        { name: "id", type: "uuid" },
        { name: "plan_id", type: "uuid" },
        { name: "created_on", type: "timestamp with time zone" },
        { name: "body", type: "text" },
        { name: "document", type: "bytea" },
        { name: "x", type: "integer" },
      ],
    ),
  ).toEqual({
    ref: toRef(id),
    planRef: toRef(plan),
    createdOn: "2026-12-01T10:00:00+00:00",
    body: plan,
    document: "QUI=",
    x: null,
  });
});

it.each(["sealed_credentials", "sealed_key", "token_hash", "lease_token", "password_hash", "client_secret"])(
  "%s is a secret and stays inside",
  (name) => {
    expect(isLeftOut({ name, type: "text" })).toBe(true);
  },
);

it.each(["input_tokens", "content_hash", "title"])("%s is no secret", (name) => {
  expect(isLeftOut({ name, type: "text" })).toBe(false);
});
