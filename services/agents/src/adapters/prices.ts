import type { Usage } from "./port.ts";

/**
 * Micro-USD per token, which is the same number as US dollars per million tokens.
 * Sources, read 2026-11-21: platform.claude.com/docs/about-claude/models (Claude) and developers.openai.com/api/docs/pricing
 * (OpenAI, standard tier, up to 272,000 input tokens). Prices are for estimates and reports; the provider's bill is the truth.
 */
export interface Price {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

const PRICES: Record<string, Price> = {
  "claude-fable-5-1": { input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 },
  "claude-opus-5-5": { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 },
  "claude-opus-5": { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  "claude-opus-4-6": { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  "claude-sonnet-5-5": { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
  "claude-sonnet-4-6": { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  "claude-haiku-5-5": { input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 },
  "claude-haiku-4-5": { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  "gpt-6-astra": { input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 },
  "gpt-6.1-sol": { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
  "gpt-6.1-terra": { input: 1, output: 5, cacheRead: 0.05, cacheWrite: 1.25 },
  "gpt-6-sol": { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
  "gpt-6-luna": { input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 },
  "offline-1": { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
};

/** Charged when a model is not in the table, so that an unknown model is never free. */
const UNKNOWN: Price = { input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 };

/** The price of a model; a dated snapshot (`…-20250929`, `…-2026-04-23`) costs what its family costs. */
export function priceOf(model: string): Price {
  return PRICES[model] ?? PRICES[model.replace(/-\d{8}$|-\d{4}-\d{2}-\d{2}$/, "")] ?? UNKNOWN;
}

export const isPriced = (model: string): boolean => priceOf(model) !== UNKNOWN;

/** Cost in micro-USD, rounded up to a whole one. */
export function costOf(model: string, usage: Usage): number {
  const price = priceOf(model);
  return Math.ceil(
    usage.inputTokens * price.input +
      usage.outputTokens * price.output +
      usage.cacheReadTokens * price.cacheRead +
      usage.cacheWriteTokens * price.cacheWrite,
  );
}
