import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";

const RATIO = "parentbased_traceidratio";

/**
 * Which traces are kept, by OpenTelemetry's own variables: `OTEL_TRACES_SAMPLER` is `parentbased_always_on` (the default),
 * `parentbased_always_off` or `parentbased_traceidratio`, whose share from 0 to 1 is `OTEL_TRACES_SAMPLER_ARG`. The first process of
 * a trace decides, the others follow: a trace is whole or isn't there.
 *
 * @throws Error that says which variable is wrong
 */
export function samplerFrom(env: Readonly<Record<string, string | undefined>>): Sampler {
  const name = env.OTEL_TRACES_SAMPLER || "parentbased_always_on";
  if (name === "parentbased_always_on") return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  if (name === "parentbased_always_off") return new ParentBasedSampler({ root: new AlwaysOffSampler() });
  if (name !== RATIO)
    throw new Error(
      `OTEL_TRACES_SAMPLER is parentbased_always_on, parentbased_always_off or ${RATIO}, not "${name}".`,
    );
  const share = Number(env.OTEL_TRACES_SAMPLER_ARG || "1");
  if (!(share >= 0 && share <= 1))
    throw new Error(`OTEL_TRACES_SAMPLER_ARG is a share from 0 to 1, not "${env.OTEL_TRACES_SAMPLER_ARG}".`);
  return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) });
}

/** The same traces are kept, but every span is recorded: who measures by spans has to see them all. */
export function recordingAll(sampler: Sampler): Sampler {
  return {
    shouldSample(...span) {
      const result = sampler.shouldSample(...span);
      return result.decision === SamplingDecision.NOT_RECORD
        ? { ...result, decision: SamplingDecision.RECORD }
        : result;
    },
    toString: () => `recording all, ${sampler}`,
  };
}
