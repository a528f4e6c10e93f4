"use client";
import { AppLink, ButtonLink, cx, Icon, Section } from "@leadmetrics/ui";
import { onboardingQueries, type Research, tenantQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";

interface Step {
  label: string;
  why: string;
  href: string;
  action: string;
  done: boolean;
}

/** What must be there before an agent can work, in the order it is needed. */
export function useFirstSteps(): { steps: Step[]; done: boolean; known: boolean } {
  const context = useQuery(tenantQueries.context());
  const files = useQuery(tenantQueries.files);
  const channels = useQuery(tenantQueries.channels);
  const strategies = useQuery(tenantQueries.strategies);
  const plans = useQuery(tenantQueries.plans);
  const all = [context, files, channels, strategies, plans];
  const planned = (plans.data?.items ?? []).some((one) => one.status !== "awaiting_approval");
  const steps: Step[] = [
    {
      label: "Describe your company",
      why: "Voice, audience, do's and don'ts go into every prompt.",
      href: "/context",
      action: "Fill in the client context",
      done: (context.data?.version ?? 0) > 0,
    },
    {
      label: "Upload knowledge",
      why: "Agents cite your own files instead of guessing.",
      href: "/knowledge",
      action: "Upload files",
      done: (files.data?.items.length ?? 0) > 0,
    },
    {
      label: "Connect a channel",
      why: "Approved posts are published there.",
      href: "/channels",
      action: "Connect WordPress",
      done: (channels.data?.items.length ?? 0) > 0,
    },
    {
      label: "Approve a strategy",
      why: "Goals say what the content is for.",
      href: "/strategy",
      action: "Open strategy",
      // A change that waits for its approval is no step back to the beginning.
      done: (strategies.data?.items ?? []).some((one) => one.status === "approved" || planned),
    },
    {
      label: "Approve a plan",
      why: "Nothing is produced without one.",
      href: "/plans",
      action: "Open plans",
      done: planned,
    },
  ];
  return {
    steps,
    done: steps.every((step) => step.done),
    known: all.every((query) => query.data !== undefined),
  };
}

/** What the research waits for, or is at, as a link to it. */
const researchWords: Partial<Record<Research["status"], string>> = {
  crawling: "Your website is being read: look on",
  writing: "An agent proposes your client context: look on",
  proposed: "A client context is proposed: correct it and take it over",
  failed: "Your website could not be read: see why",
};

export function FirstSteps({ steps }: { steps: readonly Step[] }) {
  const next = steps.find((step) => !step.done);
  const done = steps.filter((step) => step.done).length;
  const { data: onboarding } = useQuery(onboardingQueries.onboarding);
  const guided = onboarding !== undefined && onboarding.status !== "finished";
  return (
    <Section
      title="Getting started"
      aside={
        <span className="tabular text-sm text-muted">
          {done} of {steps.length}
        </span>
      }
    >
      <ol className="divide-y divide-line border-y border-line">
        {steps.map((step, index) => (
          <li key={step.label} className="flex min-h-11 items-center gap-3 py-2 text-sm max-md:flex-wrap">
            <span
              className={cx(
                "tabular flex size-5 shrink-0 items-center justify-center rounded-full border text-xs",
                step.done
                  ? "border-ok text-ok"
                  : step === next
                    ? "border-accent text-accent"
                    : "border-line-strong text-muted",
              )}
            >
              {step.done ? <Icon of="check" size={12} label="Done" /> : index + 1}
            </span>
            <span className="min-w-0 flex-1">
              <span className={cx(step.done ? "text-muted" : step === next && "font-semibold")}>
                {step.label}
              </span>
              {step === next ? <span className="block text-muted">{step.why}</span> : null}
            </span>
            {step === next ? (
              <ButtonLink
                href={guided && index === 0 ? "/onboarding" : step.href}
                kind="primary"
                className="max-md:w-full"
              >
                {guided && index === 0 ? "Begin with your website" : step.action}
              </ButtonLink>
            ) : null}
          </li>
        ))}
      </ol>
      {guided ? (
        <p className="text-sm">
          <AppLink href="/onboarding" className="text-accent underline underline-offset-2">
            {researchWords[onboarding.research.status] ?? "Do it step by step"}
          </AppLink>
        </p>
      ) : null}
    </Section>
  );
}
