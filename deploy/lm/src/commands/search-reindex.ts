import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "@leadmetrics/local/place";
import { z } from "zod";
import type { Register } from "../command.ts";
import { EXIT, Problem } from "../problem.ts";

/** The service's own program, which runs with its environment. */
const PROGRAM = join(ROOT, "services/search/src/reindex.ts");

const said = z.object({ documents: z.number() });

/** Makes the search index anew. */
export const searchReindex: Register = (parent, run) => {
  parent
    .command("reindex")
    .description("Makes the index of all documents anew; searching goes on meanwhile.")
    .action(
      run(z.object({}), async ({ session, out }) => {
        const started = Date.now();
        const { code, stdout, stderr } = await program({
          ...session.target.processEnv("search"),
          LOG_LEVEL: "info",
        });
        if (code !== 0)
          throw new Problem(
            `The index could not be made anew: ${lastLine(stderr) || lastLine(stdout) || `code ${code}`}`,
          );
        const documents = said.safeParse(JSON.parse(lastLine(stdout) || "{}")).data?.documents ?? 0;
        const seconds = (Date.now() - started) / 1_000;
        out.result({ documents, seconds }, () => [`${documents} documents in ${seconds.toFixed(1)} s.`]);
        return EXIT.good;
      }),
    );
};

function program(env: Record<string, string | undefined>) {
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1) ?? "";
