/** How many wait behind a line of the navigation. */
export function Count({ value, dot }: { value?: number; dot: boolean }) {
  if (!value) return null;
  if (dot) return <span className="absolute top-1 right-1 size-1.5 rounded-full bg-accent" />;
  return (
    <span className="tabular text-xs font-semibold text-accent">
      {value > 99 ? "99+" : value}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
