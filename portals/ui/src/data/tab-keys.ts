/** Which tab a key leads to, from the one that is shown; undefined for a key that leads nowhere. */
export function tabAfter(
  ids: readonly string[],
  shown: string,
  key: string,
  isMirrored: boolean,
): string | undefined {
  if (key === "Home") return ids.at(0);
  if (key === "End") return ids.at(-1);
  const forward = isMirrored ? "ArrowLeft" : "ArrowRight";
  const back = isMirrored ? "ArrowRight" : "ArrowLeft";
  if (key !== forward && key !== back) return undefined;
  const at = ids.indexOf(shown) + (key === forward ? 1 : -1);
  // Over the end it begins anew.
  return ids.at(at === ids.length ? 0 : at);
}
