"use client";
import { createElement, type FunctionComponent, type ReactNode, Suspense, use } from "react";

/**
 * A part of a page whose code comes by itself: the page is alive before it, and its code is fetched at the same time as its
 * data. `waiting` keeps its place.
 */
export function part<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
  waiting: ReactNode = null,
): FunctionComponent<Props> {
  let loading: Promise<FunctionComponent<Props>> | undefined;
  const once = () => {
    if (!loading) {
      loading = load();
      // The line may be back when the part is wanted again.
      loading.catch(() => {
        loading = undefined;
      });
    }
    return loading;
  };
  if (typeof window !== "undefined") once();
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each part, when its module is read
  const Loaded: FunctionComponent<Props> = (props) => createElement(use(once()), props);
  return (props) => <Suspense fallback={waiting}>{createElement(Loaded, props)}</Suspense>;
}
