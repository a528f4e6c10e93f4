/** Units of a length of time, in milliseconds. */
const UNIT: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A moment as people write it: `90s`, `15m`, `2h`, `3d` ago, or an ISO time. Undefined for anything else. */
export function momentOf(text: string, now: Date): Date | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count && unit) return new Date(now.getTime() - Number(count) * (UNIT[unit] ?? 0));
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

/** A length of time, short: 42 s, 3 min, 5 h, 2 d. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

const SECRET_FIELD =
  /(password|passphrase|secret|token|credential|api_?key|private_?key|authorization|cookie|otp)/i;
export const HIDDEN = "[hidden]";

/** A copy in which whatever is named like a secret is hidden. */
export function withoutSecretFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretFields);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      SECRET_FIELD.test(name) ? HIDDEN : withoutSecretFields(each),
    ]),
  );
}

/** Whether a version like 2.10.27 is at least another one. */
export function atLeast(version: string, wanted: string): boolean {
  const parts = (text: string) => text.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const have = parts(version);
  for (const [index, least] of parts(wanted).entries()) {
    const own = have[index] ?? 0;
    if (own !== least) return own > least;
  }
  return true;
}
