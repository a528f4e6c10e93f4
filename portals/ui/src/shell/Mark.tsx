/** The product's mark: three rising strokes, the last one in the accent. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true" className="shrink-0">
      <path d="M4 18V13M11 18V9" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
      <path d="M18 18V4" stroke="var(--accent)" strokeWidth="2.5" strokeLinecap="round" />
    </svg>
  );
}
