"use client";
import { cx } from "@leadmetrics/ui";
import { tenantQueries, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

/**
 * Credits before → after: what is there, what the plan takes, what is left. What is said about it stands below
 * the buttons: they don't move when it comes.
 */
export function Credits({ needed, children }: { needed: number | undefined; children: ReactNode }) {
  const { data } = useQuery(tenantQueries.credits);
  const format = useFormat();
  const before = data?.available ?? 0;
  const after = before - (needed ?? 0);
  const known = data !== undefined && needed !== undefined;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-1">
        <p className="text-sm text-muted">Credits</p>
        <p className="tabular flex items-baseline gap-2 text-xl font-semibold">
          {data ? format.number(before) : "…"}
          <span aria-hidden className="text-md font-normal text-muted">
            →
          </span>
          <span className="sr-only">after this plan</span>
          <span className={cx(after < 0 && "text-warn-text")}>{known ? format.number(after) : "…"}</span>
        </p>
      </div>
      {children}
      <p className="text-sm text-muted">
        This plan takes about {needed === undefined ? "…" : format.number(needed)} credits.
        {known && after < 0
          ? ` ${format.number(-after)} are missing: the last items will wait until credits come, and go on by themselves.`
          : ""}
      </p>
    </div>
  );
}
