import { describe, expect, it } from "vitest";
import { createFormat } from "./format.ts";

describe("writing dates and money", () => {
  const format = createFormat({ locale: "en-GB", timeZone: "Asia/Kolkata", currency: "INR" });
  it("uses the company's time zone and currency", () => {
    expect(format.date("2026-11-30T20:00:00Z")).toBe("1 Dec 2026");
    expect(format.money(123450)).toBe("₹1,234.50");
    expect(format.money(500, "JPY")).toBe("JP¥500");
  });
  it("says how long ago in the largest whole unit", () => {
    const now = Date.parse("2026-11-20T12:00:00Z");
    expect(format.relative("2026-11-20T09:00:00Z", now)).toBe("3 hours ago");
    expect(format.relative("2026-11-22T12:00:00Z", now)).toBe("in 2 days");
    expect(format.relative("2026-11-20T11:59:40Z", now)).toBe("now");
  });
  it("leaves out what is missing or no date", () => {
    expect([format.date(undefined), format.time("soon"), format.relative("")]).toEqual(["", "", ""]);
  });
});
