"use client";
import { cx, Icon, IconButton, Select } from "@leadmetrics/ui";
import type { StepRole, TemplateStep } from "@leadmetrics/web";
import { isAgentStep, maySkip, movedStep, rolesFor, stepWords, withRole, withSkip } from "./rules.ts";

/** One step: what it does, who does it, when it is left out. People's steps stand as they are. */
export function StepRow({
  step,
  index,
  steps,
  roles,
  themeCharacters,
  problem,
  onChange,
}: {
  step: TemplateStep;
  index: number;
  steps: readonly TemplateStep[];
  roles: readonly StepRole[];
  themeCharacters: number;
  problem: string | undefined;
  onChange: (steps: readonly TemplateStep[]) => void;
}) {
  const { name, does } = stepWords[step.kind];
  const ofAgent = isAgentStep(step.kind);
  const mark = ofAgent ? "bot" : step.kind === "publish" ? "send" : "user-round";
  return (
    <li className="flex flex-col gap-2 border-b border-line py-3">
      <div className="flex items-center gap-3">
        <Icon of={mark} className={cx("shrink-0", ofAgent ? "text-agent" : "text-muted")} />
        <div className="min-w-0 flex-1 text-sm">
          <span className="font-semibold">{name}</span> <span className="text-muted">{does}</span>
        </div>
        {ofAgent ? (
          <>
            <span className="tabular text-sm text-muted max-md:hidden">
              {step.credits === 1 ? "1 credit" : `${step.credits} credits`}
            </span>
            <span className="flex">
              <IconButton
                label={`${name} earlier`}
                isDisabled={index === 0}
                onPress={() => onChange(movedStep(steps, index, -1))}
              >
                <Icon of="arrow-up" />
              </IconButton>
              <IconButton
                label={`${name} later`}
                isDisabled={index === steps.length - 1}
                onPress={() => onChange(movedStep(steps, index, 1))}
              >
                <Icon of="arrow-down" />
              </IconButton>
              <IconButton
                label={`Without ${name.toLowerCase()}`}
                isDisabled={step.kind === "write"}
                onPress={() => onChange(steps.toSpliced(index, 1))}
              >
                <Icon of="x" />
              </IconButton>
            </span>
          </>
        ) : null}
      </div>
      {ofAgent ? (
        <div className="grid grid-cols-2 gap-3 pl-7 max-md:grid-cols-1 max-md:pl-0">
          <Select
            hideLabel
            label={`Agent of ${name.toLowerCase()}`}
            choices={rolesFor(step.kind, roles).map((role) => ({
              value: role.name,
              label: role.title,
              note: role.credits === 1 ? "1 credit" : `${role.credits} credits`,
            }))}
            value={step.agentRole}
            onChange={(role) => onChange(withRole(steps, index, role, roles))}
          />
          {maySkip(step.kind) ? (
            <Select
              hideLabel
              label={`When ${name.toLowerCase()} is left out`}
              choices={[
                { value: "never", label: "Never left out" },
                {
                  value: "theme_says_enough",
                  label: "Left out when the theme says enough",
                  note: `From ${themeCharacters} characters of theme`,
                },
              ]}
              value={step.skip}
              onChange={(skip) =>
                onChange(withSkip(steps, index, skip === "never" ? "never" : "theme_says_enough"))
              }
            />
          ) : (
            <p className="self-center text-sm text-muted">Never left out: it makes what is reviewed.</p>
          )}
        </div>
      ) : null}
      {problem ? (
        <p role="alert" className="pl-7 text-sm text-bad max-md:pl-0">
          {problem.charAt(0).toUpperCase() + problem.slice(1)}.
        </p>
      ) : null}
    </li>
  );
}
