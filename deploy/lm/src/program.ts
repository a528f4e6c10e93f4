import { CommanderError } from "commander";
import { z } from "zod";
import manifest from "../package.json" with { type: "json" };
import { Command, type Run } from "./command.ts";
import { auditVerify } from "./commands/audit-verify.ts";
import { dlqList } from "./commands/dlq-list.ts";
import { dlqReplay } from "./commands/dlq-replay.ts";
import { dlqShow } from "./commands/dlq-show.ts";
import { doctor } from "./commands/doctor.ts";
import { eventsTail } from "./commands/events-tail.ts";
import { keysRotate } from "./commands/keys-rotate.ts";
import { outboxReplay } from "./commands/outbox-replay.ts";
import { searchReindex } from "./commands/search-reindex.ts";
import { status } from "./commands/status.ts";
import { streamsApply } from "./commands/streams-apply.ts";
import { tenantDelete } from "./commands/tenant-delete.ts";
import { tenantDeletion } from "./commands/tenant-deletion.ts";
import { tenantExport } from "./commands/tenant-export.ts";
import { tenantKeep } from "./commands/tenant-keep.ts";
import { trace } from "./commands/trace.ts";
import { Output, type Streams } from "./output.ts";
import { EXIT, type ExitCode, Problem, sentenceOf } from "./problem.ts";
import { Session } from "./session.ts";
import type { Target } from "./target.ts";
import { environmentTarget, namesPlatform } from "./target-environment.ts";
import { localTarget, runsHere } from "./target-local.ts";

const HELP = `
Where: the platform of npm start in this checkout, or in --data-dir; in a cluster the one that the
environment names (NATS_URL, CONTENT_DATABASE_SYSTEM_URL and so on; see deploy/lm/README.md).

Exit codes: 0 done and all is well, 1 done and something needs a person, 2 called wrongly,
3 the platform or a part of it isn't there or refused.`;

const globals = z.object({ dataDir: z.string().optional(), json: z.boolean().default(false) });

interface Surroundings extends Streams {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The operator's command line.
 *
 * @returns what the process ends with, see {@link EXIT}
 */
export async function lm(args: readonly string[], around: Surroundings): Promise<number> {
  let exitCode: ExitCode = EXIT.good;
  const run: Run =
    (options, work) =>
    async (...called) => {
      // Commander's action: the arguments, the options, the command itself.
      const command = called.at(-1);
      if (!(command instanceof Command)) throw new Error("an action without its command");
      const all: unknown = command.optsWithGlobals();
      const { dataDir, json } = globals.parse(all);
      const out = new Output(around, json);
      exitCode = await inSession(around, dataDir, out, (session, signal) =>
        work({
          session,
          out,
          options: options.parse(all),
          args: command.processedArgs.flat().map(String),
          signal,
        }),
      );
    };
  const program = programOf(around, run);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has said what is wrong; asking for help is nothing wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage;
    throw error;
  }
}

function programOf(around: Surroundings, run: Run): Command {
  const program = new Command("lm")
    .description("Looks after a running Leadmetrics platform.")
    .version(manifest.version, "--version", "the version of this lm")
    .option("--data-dir <folder>", "where the local platform keeps its data, as given to npm start")
    .option("--json", "the result as JSON, for programs")
    .addHelpText("after", HELP)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: around.out, writeErr: around.err })
    .showHelpAfterError("(lm --help shows all commands)")
    .exitOverride();
  const group = (name: string, does: string) =>
    program.command(name).description(does).copyInheritedSettings(program);
  doctor(program, run);
  status(program, run);
  trace(program, run);
  streamsApply(group("streams", "the broker's streams and buckets"), run);
  outboxReplay(group("outbox", "events on their way to the broker"), run);
  const dlq = group("dlq", "dead letters: messages no consumer could handle");
  for (const register of [dlqList, dlqShow, dlqReplay]) register(dlq, run);
  eventsTail(group("events", "what happens on the platform"), run);
  auditVerify(group("audit", "the audit trail"), run);
  keysRotate(group("keys", "the keys that sign access tokens"), run);
  searchReindex(group("search", "the search index"), run);
  const tenant = group("tenant", "one tenant as a whole: its export and its end");
  for (const register of [tenantExport, tenantDelete, tenantDeletion, tenantKeep]) register(tenant, run);
  return program;
}

async function inSession(
  around: Surroundings,
  dataDir: string | undefined,
  out: Output,
  work: (session: Session, signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal);
  let session: Session | undefined;
  try {
    session = new Session(targetOf(around.env, dataDir));
    return await work(session, stop.signal);
  } catch (error) {
    out.problem(sentenceOf(error));
    return error instanceof Problem ? error.exitCode : EXIT.unreachable;
  } finally {
    process.off("SIGINT", onSignal);
    await session?.close();
  }
}

function targetOf(env: Surroundings["env"], dataDir: string | undefined): Target {
  return dataDir === undefined && namesPlatform(env, runsHere)
    ? environmentTarget(env)
    : localTarget(dataDir, env);
}
