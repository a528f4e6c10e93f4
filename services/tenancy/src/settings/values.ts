import { type Setting, settingProblem } from "@leadmetrics/kit";

/** What was sent, as the value it stands for; a sentence without its full stop when it is none. */
export function readValue(
  setting: Setting,
  text: string,
): { readonly value: boolean | number | string } | { readonly problem: string } {
  const value = read(setting, text);
  const problem = settingProblem(setting, value);
  return problem === undefined ? { value } : { problem };
}

function read(setting: Setting, text: string): boolean | number | string {
  if (setting.type === "text") return text.trim();
  const word = text.trim();
  if (setting.type === "number") return word === "" ? Number.NaN : Number(word);
  return word === "true" ? true : word === "false" ? false : word;
}
