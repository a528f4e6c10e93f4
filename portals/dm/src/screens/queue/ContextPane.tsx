"use client";
import type { ClientContext } from "@leadmetrics/web";

const parts: readonly (readonly [keyof ClientContext, string])[] = [
  ["brandVoice", "Voice"],
  ["audience", "Audience"],
  ["dos", "Do"],
  ["donts", "Don't"],
  ["keywords", "Keywords"],
  ["companySummary", "Company"],
  ["products", "Products"],
  ["competitors", "Competitors"],
];

/** What the client says about itself, in the order a reviewer needs it. */
export function ContextPane({ context, version }: { context: ClientContext; version: number }) {
  const shown = parts.filter(([name]) => context[name].length > 0);
  if (shown.length === 0)
    return <p className="text-sm text-muted">This client has not described itself yet.</p>;
  return (
    <div className="flex flex-col gap-4 text-sm">
      {shown.map(([name, label]) => {
        const value = context[name];
        return (
          <section key={name}>
            <h3 className="text-xs text-muted">{label}</h3>
            {Array.isArray(value) ? (
              <ul className="mt-0.5">
                {value.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            ) : (
              <p className="mt-0.5 whitespace-pre-wrap">{value}</p>
            )}
          </section>
        );
      })}
      <p className="text-xs text-muted">Version {version}</p>
    </div>
  );
}
