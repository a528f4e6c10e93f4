import type { RunFailure } from "./failure.ts";
import type { Check, TestResult } from "./port.ts";

interface EndpointTest {
  provider: string;
  keyVariable: string;
  apiKey: string | undefined;
  model: string;
  /** Asks the provider about the model: costs no tokens and proves key, address and model at once. */
  lookUp: () => Promise<unknown>;
  classify: (error: unknown) => RunFailure;
}

/** The three checks of an adapter that talks to a provider over HTTP. */
export async function testEndpoint(test: EndpointTest): Promise<TestResult> {
  if (!test.apiKey) {
    return {
      ok: false,
      checks: [
        {
          name: "key",
          ok: false,
          message: `No API key for ${test.provider}.`,
          hint: `Set ${test.keyVariable}, or enter a key in the agent's settings.`,
        },
      ],
    };
  }
  try {
    await test.lookUp();
  } catch (error) {
    return explain(test, test.classify(error));
  }
  return {
    ok: true,
    checks: [
      { name: "key", ok: true, message: "The key is accepted." },
      { name: "endpoint", ok: true, message: `${test.provider} answers.` },
      { name: "model", ok: true, message: `${test.model} is available.` },
    ],
  };
}

function explain(test: EndpointTest, failure: RunFailure): TestResult {
  const answers: Check = { name: "endpoint", ok: true, message: `${test.provider} answers.` };
  if (failure.code === "unknown_model") {
    return {
      ok: false,
      checks: [
        { name: "key", ok: true, message: "The key is accepted." },
        answers,
        {
          name: "model",
          ok: false,
          message: `${test.provider} does not know "${test.model}".`,
          hint: "Choose a model that the account may use.",
        },
      ],
    };
  }
  if (failure.config) {
    return {
      ok: false,
      checks: [
        answers,
        {
          name: "key",
          ok: false,
          message: failure.message,
          hint: `Check ${test.keyVariable} and the account's limits.`,
        },
      ],
    };
  }
  return {
    ok: false,
    transient: failure,
    checks: [
      {
        name: "endpoint",
        ok: false,
        message: failure.message,
        hint: "Check the base URL and the network; this is tried again by itself.",
      },
    ],
  };
}
