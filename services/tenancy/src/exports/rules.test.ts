import { expect, it } from "vitest";
import { filePath } from "./rules.ts";

it.each([
  ["01J/menu.pdf", "files/01J/menu.pdf"],
  ["01J/../../etc/passwd", "files/01J/__.._etc_passwd"],
  ["01J/a\\b:c?.txt", "files/01J/a_b_c_.txt"],
  ["01J/", "files/01J/unnamed"],
])("an uploaded file %j lies in the zip at %j", (path, at) => {
  expect(filePath(path)).toBe(at);
});
