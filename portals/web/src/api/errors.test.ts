import { describe, expect, it } from "vitest";
import { asApiError } from "./errors.ts";
import { toApiError } from "./refusals.ts";

describe("what a person reads when the API refuses", () => {
  it("is the service's own sentence, with the mistakes at their fields", () => {
    const error = toApiError(400, {
      error: {
        code: "invalid_argument",
        message: "Check the form.",
        requestId: "r1",
        details: [{ field: "company_name", description: "is too long" }],
      },
    });
    expect(error).toMatchObject({
      message: "Check the form.",
      requestId: "r1",
      fields: { companyName: "is too long" },
    });
  });
  it("says what the state is now after a conflict", () => {
    const error = toApiError(409, {
      error: { code: "wrong_state", message: "", details: { metadata: { state: "approved" } } },
    });
    expect(error.metadata.state).toBe("approved");
    expect(error.message).toContain("Somebody was faster");
  });
  it("never shows the inside of a failure", () => {
    expect(toApiError(500, { error: { message: "TypeError: x is undefined" } }).message).not.toContain(
      "TypeError",
    );
    expect(toApiError(502, "<html>", "req-9")).toMatchObject({ code: "http_502", requestId: "req-9" });
  });
  it("calls a request that never arrived a missing connection", () => {
    expect(asApiError(new TypeError("fetch failed")).code).toBe("network");
  });
});
