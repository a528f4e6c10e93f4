import { testSetup } from "./health.ts";
import type { SetupResult } from "./setup.ts";

/** What a person is shown of a test: each thing that was looked at, and what to do where it isn't right. */
export async function checksOf(found: SetupResult) {
  if (!found.ok) return [{ name: "setting", passed: false, hint: found.problem }];
  const { checks } = await testSetup(found.setup);
  return checks.map((check) => ({
    name: check.name,
    passed: check.ok,
    hint: check.ok ? check.message : [check.message, check.hint].filter(Boolean).join(" "),
  }));
}
