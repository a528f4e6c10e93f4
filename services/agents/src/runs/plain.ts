import type { RunRow } from "../db.ts";

type Told = Pick<RunRow, "status" | "problem" | "error_class">;

/**
 * Why a run failed or what it waits for, in words for everybody: which provider or model stands behind an agent, and what
 * that one said, is the platform's own business.
 */
export function plainProblem({ status, problem, error_class }: Told): string {
  if (problem === "") return "";
  switch (status) {
    case "failed":
      return error_class === "invalid"
        ? "The agent's answer could not be used. Our team sees why."
        : "The agent could not finish its work. Our team sees why.";
    case "awaiting_config":
      return "The agent can't work at the moment. Our team sees why; it goes on by itself when that is mended.";
    // A cap, missing credits, or what the person said who stopped it.
    case "awaiting_credits":
    case "cancelled":
      return problem;
    default:
      return "The agent was held up. It goes on by itself.";
  }
}
