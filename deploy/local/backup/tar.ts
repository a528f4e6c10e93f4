import { spawn } from "node:child_process";

/** What tar ends with when a file grew while it was read: expected of a database that goes on working. */
const CHANGED = 1;

/** Runs the system's tar, which keeps owners and rights. @throws Error with what it said */
export async function tar(args: readonly string[]): Promise<void> {
  const child = spawn("tar", [...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, LC_ALL: "C" },
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`tar can't be run (${error.message}): install it.`)));
    child.once("close", resolve);
  });
  if (code === 0 || (code === CHANGED && /changed as we read it|removed before we read it/.test(said)))
    return;
  throw new Error(`tar ended with ${code}: ${said.trim().split("\n").at(-1) ?? ""}`);
}
