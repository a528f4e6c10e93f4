import { Mark } from "@leadmetrics/ui";
import type { ReactNode } from "react";

/** The page of a form before one is signed in. */
export function AuthFrame({
  product,
  title,
  children,
  foot,
}: {
  product: string;
  title: string;
  children: ReactNode;
  foot?: ReactNode;
}) {
  return (
    <main
      id="main"
      className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 px-4 py-12"
    >
      <div className="flex items-center gap-2 text-sm font-semibold">
        <Mark /> {product}
      </div>
      <h1 className="text-xl font-semibold">{title}</h1>
      {children}
      {foot ? <div className="text-sm text-muted">{foot}</div> : null}
    </main>
  );
}
