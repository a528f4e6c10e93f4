import { existsSync } from "node:fs";
import { spansOf, tracesOfRequest, traceTree } from "@leadmetrics/kit/telemetry/trace-files";
import { z } from "zod";
import type { Register } from "../command.ts";
import { EXIT, Problem } from "../problem.ts";

const TRACE_ID = /^[0-9a-f]{32}$/;

/** Shows a trace of the local platform as a tree. */
export const trace: Register = (parent, run) => {
  parent
    .command("trace")
    .description(
      "Shows what one action set off in every process, by trace id or request id. Needs a platform started with --trace or --observe.",
    )
    .argument("<id>", "a trace id, or the x-request-id of an answer")
    .action(
      run(z.object({}), async ({ session, out, args: [id = ""] }) => {
        const { logDir } = session.target;
        if (!logDir || !existsSync(logDir))
          throw new Problem(
            "Traces are read from the local platform's logs: use --data-dir. In a cluster the trace store has them.",
          );
        const ids = TRACE_ID.test(id) ? [id] : await tracesOfRequest(logDir, id);
        const traces = (
          await Promise.all(ids.map(async (traceId) => ({ traceId, spans: await spansOf(logDir, traceId) })))
        ).filter(({ spans }) => spans.length > 0);
        if (traces.length === 0)
          throw new Problem(
            `No span of "${id}" in ${logDir}. Is the platform started with --trace? Spans are written a second after they end.`,
            EXIT.found,
          );
        out.result({ traces }, () =>
          traces.flatMap(({ traceId, spans }) => [
            `trace ${traceId}, ${spans.length} spans`,
            traceTree(spans),
          ]),
        );
        return EXIT.good;
      }),
    );
};
