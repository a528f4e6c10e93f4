"use client";
import { AppLink } from "@leadmetrics/ui";
import { craftQueries, type Run } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { lastTold } from "./skills.ts";

/** Which skills a run was told, in which version; nothing for one that hasn't been told any yet. */
export function RunSkills({ run }: { run: Run }) {
  const skills = useQuery(craftQueries.runSkills(run.tenantRef, run.ref));
  const told = lastTold(skills.data?.items ?? []);
  if (told.length === 0) return null;
  return (
    <p className="text-sm text-muted">
      Was told{" "}
      {told.map(({ name, number }, index) => (
        <span key={name}>
          {index > 0 ? ", " : ""}
          <AppLink href={`/skills/${name}`} className="text-accent underline underline-offset-2">
            {name}
          </AppLink>{" "}
          {number === 0 ? "as delivered" : `version ${number}`}
        </span>
      ))}
    </p>
  );
}
