import { describe, expect, it } from "vitest";
import { passkeySites } from "./sites.ts";

const good = { rpId: "leadmetrics.example", origins: ["https://app.leadmetrics.example"] };
const problems = (dashboard: object) =>
  passkeySites
    .safeParse(JSON.stringify({ dashboard, dm: good, manage: good }))
    .error?.issues.map((issue) => issue.message);

describe("the sites of passkeys", () => {
  it("are a laptop's when nothing is said", () => {
    expect(passkeySites.parse(undefined).dashboard).toEqual({
      rpId: "localhost",
      origins: ["http://localhost:3000"],
    });
  });
  it("may share a parent domain", () => {
    expect(problems(good)).toBeUndefined();
  });
  it.each([
    [{ rpId: "127.0.0.1", origins: ["http://127.0.0.1:3000"] }, /host name, not an address/],
    [{ rpId: "leadmetrics.example", origins: ["https://leadmetrics.example.evil.test"] }, /not within/],
    [{ rpId: "leadmetrics.example", origins: ["http://leadmetrics.example"] }, /must be https/],
    [{ rpId: "leadmetrics.example", origins: ["https://leadmetrics.example/login"] }, /host and port alone/],
  ])("are refused when browsers would refuse them: %o", (site, why) => {
    expect(problems(site)?.join("; ")).toMatch(why);
  });
});
