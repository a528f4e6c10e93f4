import { styleText } from "node:util";
import { runChecks } from "./check/index.ts";

/** `npm run check`: what must be green and takes a minute. */
const outcomes = await runChecks(({ name, failed, notes = [], output }) => {
  console.log(
    `  ${failed > 0 ? styleText("red", "✗") : styleText("green", "✓")} ${name} ${styleText("dim", notes.join("; "))}`,
  );
  if (failed > 0 && output) console.log(`\n${output.trimEnd().replace(/^/gm, "      ")}\n`);
});
const failed = outcomes.filter((outcome) => outcome.failed > 0).length;
console.log(`\n${outcomes.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
