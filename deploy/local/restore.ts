/** `node deploy/local/bootstrap.mjs restore --from <folder> [--data-dir D]`: puts a backup back where no platform is. */
import { parseArgs } from "node:util";
import { putBack } from "./backup/put-back.ts";

const { values } = parseArgs({ options: { from: { type: "string" }, "data-dir": { type: "string" } } });

try {
  if (!values.from) throw new Error("Say from where: --from <the backup's folder>.");
  const { takenOn, base } = await putBack(values.from, values["data-dir"]);
  const where = values["data-dir"] ? ` --data-dir ${values["data-dir"]}` : "";
  console.log(`Everything is back as it was on ${takenOn}. Now:`);
  console.log(`  npm start -- --port-base ${base}${where}`);
  console.log(`  npx lm outbox replay --service all --since 72h${where}   # the broker's events`);
  console.log(`  npx lm audit verify${where}`);
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
