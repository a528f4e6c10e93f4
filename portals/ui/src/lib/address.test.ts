import { expect, it } from "vitest";
import { safeAddress } from "./address.ts";

it("a draft's link leads to pages, mail and telephones, and runs nothing however it is written", () => {
  for (const address of [
    "https://a.example/b:c",
    "/b?c:d",
    "#e",
    "b",
    "mailto:a@b.example",
    "HTTP://a.example",
  ])
    expect(safeAddress(address), address).toBe(address);
  for (const address of [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
  ])
    expect(safeAddress(address), address).toBe(undefined);
});
