import type { DescEnum } from "@bufbuild/protobuf";

/** An enum's values as the API spells them: `ACTIVITY_STATUS_DM_REVIEW` is `dm_review`. Unspecified has no word. */
export function wordsOf(desc: DescEnum): string[] {
  return desc.values.filter((value) => value.number !== 0).map((value) => value.localName.toLowerCase());
}

/** @returns null for unspecified */
export function wordOf(desc: DescEnum, number: number): string | null {
  const value = number === 0 ? undefined : desc.value[number];
  return value ? value.localName.toLowerCase() : null;
}

export function numberOf(desc: DescEnum, word: string): number {
  return desc.values.find((value) => value.localName.toLowerCase() === word)?.number ?? 0;
}
