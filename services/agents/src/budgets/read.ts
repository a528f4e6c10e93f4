import { errors } from "@leadmetrics/kit";
import type { BudgetLimits, BudgetScope } from "@leadmetrics/proto/agents/v1/budgets";
import { ROLES, roleNamed } from "../roles/index.ts";
import { type Amounts, amountText, METRICS, MICRO_PER_CENT, SCOPES, type Scope } from "./rules.ts";
import { CURRENCY, SCOPE_NUMBERS } from "./view.ts";

/** What a cap is about, as a caller names it. @throws AppError */
export function readPlace({ scope, role }: { scope: BudgetScope; role: string }): {
  scope: Scope;
  role: string;
} {
  const name = SCOPES.find((one) => SCOPE_NUMBERS[one] === scope);
  if (!name)
    throw errors.invalid("Say what the cap is for.", [{ field: "scope", description: SCOPES.join(", ") }]);
  if (name !== "role" && role !== "") {
    throw errors.invalid("Only the cap of a role names a role.", [
      { field: "role", description: "must be empty" },
    ]);
  }
  if (name === "role" && !roleNamed(role)) {
    const known = ROLES.map((one) => one.name).join(", ");
    throw errors.invalid(`There is no role "${role}".`, [{ field: "role", description: `one of ${known}` }]);
  }
  return { scope: name, role };
}

/** Most cents a cap may be: beyond it, micro-dollars aren't exact any more. */
const MAX_CENTS = 1_000_000_000;

/** Limits as a caller names them; what is left out is no limit. @throws AppError */
export function readLimits(limits: BudgetLimits | undefined): Amounts {
  const { minorUnits = 0n, currency = "" } = limits?.money ?? {};
  if (minorUnits > 0n && currency !== CURRENCY) {
    throw errors.invalid(`Models are priced in ${CURRENCY}, and so are caps on money.`, [
      { field: "limits.money.currency", description: `must be ${CURRENCY}` },
    ]);
  }
  if (minorUnits < 0n || minorUnits > BigInt(MAX_CENTS)) {
    throw errors.invalid("A cap on money can't be that.", [
      { field: "limits.money.minor_units", description: `0 to ${MAX_CENTS}, 0 for none` },
    ]);
  }
  return {
    money: Number(minorUnits) * MICRO_PER_CENT,
    tokens: Number(limits?.tokens ?? 0n),
    runs: Number(limits?.runs ?? 0n),
  };
}

/** Limits a tenant gives itself. @throws AppError */
export function readOwnLimits(limits: BudgetLimits | undefined): Amounts {
  const read = readLimits(limits);
  if (read.money > 0) {
    throw errors.invalid("Your own cap is one of tokens and runs.", [
      { field: "limits.money", description: "must be left out" },
    ]);
  }
  return read;
}

/** @throws AppError naming the figures with which a tenant would give itself more than the platform does */
export function mustBeNarrower(own: Amounts, platform: Amounts): void {
  const wider = METRICS.filter((metric) => platform[metric] > 0 && own[metric] > platform[metric]);
  if (wider.length === 0) return;
  throw errors.invalid(
    "Your own cap can only be lower than what you are given.",
    wider.map((metric) => ({
      field: `limits.${metric}`,
      description: `at most ${amountText(metric, platform[metric])}, or 0 for none of your own`,
    })),
  );
}

/** Limits in a sentence, for the audit trail. */
export function limitsText(limits: Amounts): string {
  const set = METRICS.filter((metric) => limits[metric] > 0);
  return set.length === 0 ? "no limit" : set.map((metric) => amountText(metric, limits[metric])).join(", ");
}
