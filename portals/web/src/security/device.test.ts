import { describe, expect, it } from "vitest";
import { deviceName, isHandheld } from "./device.ts";

const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

describe("a device", () => {
  it.each([
    [`${mac} ${webkit} Version/18.1 Safari/605.1.15`, "Safari on Mac"],
    [`${mac} ${webkit} Chrome/131.0.0.0 Safari/537.36`, "Chrome on Mac"],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0 Safari/537.36 Edg/131.0`,
      "Edge on Windows",
    ],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux"],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) ${webkit} Version/18.1 Mobile/15E148 Safari/604.1`,
      "Safari on iPhone",
    ],
    [
      `Mozilla/5.0 (Linux; Android 15; Pixel 9) ${webkit} Chrome/131.0 Mobile Safari/537.36`,
      "Chrome on Android",
    ],
    ["curl/8.11.0", "curl"],
    ["", "Unknown device"],
  ])("%s is %s", (userAgent, name) => {
    expect(deviceName(userAgent)).toBe(name);
  });
  it("is held in the hand or not", () => {
    expect(isHandheld("Mozilla/5.0 (Linux; Android 15; Pixel 9) Mobile")).toBe(true);
    expect(isHandheld(`${mac} ${webkit}`)).toBe(false);
  });
});
