"use client";
import { Banner, Button, toast } from "@leadmetrics/ui";
import {
  type AcceptedField,
  ApiError,
  type ContextVersion,
  Failure,
  onboardingActions,
  useAction,
  useKeyMap,
} from "@leadmetrics/web";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ProposalField } from "./ProposalField.tsx";
import { acceptedField, FIELDS, fieldsToAccept, proposalForm, sourcesOf } from "./rules.ts";
import type { StepProps } from "./StepFrame.tsx";
import { placeAfter } from "./useSettle.ts";

/** The proposal: left what is said, to be corrected; right what it rests on. Taken over field by field, or all at once. */
export function Proposal({ onboarding, context: version, mayEdit }: StepProps & { context: ContextVersion }) {
  const router = useRouter();
  const { proposal, accepted } = onboarding.research;
  const found = proposal ?? { fields: [], sources: [], offline: false };
  const [form, setForm] = useState(() => proposalForm(found, accepted, version.context));
  const accept = useAction(
    ({ fields }: { fields: AcceptedField[]; goOn: boolean }) =>
      onboardingActions.acceptProposal({ fields, contextVersion: version.version ?? 0 }),
    {
      renews: ["onboarding", "context"],
      quiet: true,
      done: ({ onboarding: next, context }, { goOn }) => {
        toast(`Saved as version ${context.version}. Drafts follow it.`, { tone: "ok" });
        if (goOn) router.push(placeAfter(next, "context"));
      },
    },
  );
  const discard = useAction(onboardingActions.discardProposal, { renews: ["onboarding"] });
  const refused = accept.error instanceof ApiError ? accept.error.fields : {};
  const all = fieldsToAccept(form, version.context);
  const takeAll = () => {
    if (mayEdit && all.length > 0 && !accept.isPending) accept.mutate({ fields: all, goOn: true });
  };
  useKeyMap("Proposal", { a: { what: "Take everything over", run: takeAll } });
  return (
    <div className="flex flex-col gap-6">
      {found.offline ? (
        <Banner tone="agent">
          Put together without a language model, from sentences of your pages. What they don't say plainly is
          missing.
        </Banner>
      ) : null}
      {accept.error ? <Failure of={accept.error} /> : null}
      <div className="divide-y divide-line border-y border-line">
        {FIELDS.map((field) => (
          <ProposalField
            key={field.field}
            label={field.label}
            help={field.help}
            kind={field.kind}
            value={form[field.field]}
            onChange={(text) => setForm({ ...form, [field.field]: text })}
            sources={sourcesOf(found, field.field)}
            isTaken={accepted.some((one) => one.field === field.field)}
            error={refused[field.name]}
            onTake={
              mayEdit ? () => accept.mutate({ fields: [acceptedField(form, field)], goOn: false }) : undefined
            }
            isTaking={accept.isPending}
          />
        ))}
      </div>
      {mayEdit ? (
        <div className="sticky bottom-0 -mx-6 flex flex-wrap items-center gap-3 border-t border-line bg-bg px-6 py-3 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:-mx-4 max-md:px-4">
          <Button
            kind="primary"
            hint="A"
            isPending={accept.isPending}
            isDisabled={all.length === 0}
            onPress={takeAll}
          >
            Take everything over
          </Button>
          <Button kind="quiet" isPending={discard.isPending} onPress={() => discard.mutate(undefined)}>
            Discard the proposal
          </Button>
          <span className="text-sm text-muted max-md:hidden">
            {version.version ? `Makes version ${version.version + 1}` : "Makes the first version"}
          </span>
        </div>
      ) : null}
    </div>
  );
}
