/** `node deploy/local/bootstrap.mjs backup --to <folder> [--data-dir D]`: backs up the platform that runs. */
import { parseArgs } from "node:util";
import { takeBackup } from "./backup/take.ts";

const { values } = parseArgs({ options: { to: { type: "string" }, "data-dir": { type: "string" } } });

try {
  if (!values.to) throw new Error("Say where to: --to <a new folder>.");
  const { takenOn, postgres } = await takeBackup(values["data-dir"], values.to);
  console.log(
    `${values.to}: everything as it was on ${takenOn} (Postgres ${postgres.version}, up to ${postgres.stop}).`,
  );
  console.log("It holds the encryption keys too: keep it as safe as the platform.");
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
