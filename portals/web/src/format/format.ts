/** How dates, numbers and money are written for one person: locale and time zone of their company. */
export interface Manner {
  /** BCP 47. */
  locale: string;
  /** IANA name. */
  timeZone: string;
  /** ISO 4217. */
  currency: string;
}

export interface Format {
  readonly manner: Manner;
  date: (iso: string | undefined) => string;
  time: (iso: string | undefined) => string;
  dateTime: (iso: string | undefined) => string;
  month: (iso: string | undefined) => string;
  /** "in 3 days", "5 minutes ago". */
  relative: (iso: string | undefined, nowMs?: number) => string;
  number: (value: number, digits?: number) => string;
  /** "12k", "3.4M": where room is short and the exact figure is one press away. */
  compact: (value: number) => string;
  /** What models cost, from millionths of a US dollar; cents and below are not rounded away. */
  usd: (microUsd: number) => string;
  /** "820 ms", "4.2 s", "3 min". */
  duration: (ms: number) => string;
  /** A day without a time, from `2026-12-31`: the same day in every time zone. */
  day: (isoDay: string) => string;
  percent: (share: number) => string;
  /** From minor units. */
  money: (minorUnits: number, currency?: string) => string;
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

export function createFormat({ locale, timeZone, currency }: Manner): Format {
  const at = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const date = at({ day: "numeric", month: "short", year: "numeric" });
  const time = at({ hour: "2-digit", minute: "2-digit" });
  const dateTime = at({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const month = at({ month: "long", year: "numeric" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const write = (formatter: Intl.DateTimeFormat) => (iso: string | undefined) => {
    const value = iso ? new Date(iso) : undefined;
    return value && !Number.isNaN(value.getTime()) ? formatter.format(value) : "";
  };
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month: "short" });
  const unit = (value: number, name: "millisecond" | "second" | "minute" | "hour", digits: number) =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, maximumFractionDigits: digits }).format(value);
  return {
    manner: { locale, timeZone, currency },
    compact: (value) => compact.format(value),
    usd(microUsd) {
      const dollars = microUsd / 1_000_000;
      const digits = dollars !== 0 && Math.abs(dollars) < 1 ? 3 : 2;
      return new Intl.NumberFormat(locale, {
        style: "currency",
        currency: "USD",
        currencyDisplay: "narrowSymbol",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(dollars);
    },
    duration(ms) {
      if (ms < 1000) return unit(Math.round(ms), "millisecond", 0);
      if (ms < 60_000) return unit(ms / 1000, "second", 1);
      return ms < 3_600_000 ? unit(ms / 60_000, "minute", 0) : unit(ms / 3_600_000, "hour", 1);
    },
    day(isoDay) {
      const value = new Date(`${isoDay.slice(0, 10)}T00:00:00Z`);
      return Number.isNaN(value.getTime()) ? "" : day.format(value);
    },
    date: write(date),
    time: write(time),
    dateTime: write(dateTime),
    month: write(month),
    relative(iso, nowMs = Date.now()) {
      const ms = iso ? Date.parse(iso) - nowMs : Number.NaN;
      if (Number.isNaN(ms)) return "";
      const [unit, size] = units.find(([, length]) => Math.abs(ms) >= length) ?? ["second", 1000];
      return unit === "second" ? relative.format(0, "second") : relative.format(Math.round(ms / size), unit);
    },
    number: (value, digits = 0) =>
      new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value),
    percent: (share) =>
      new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(share),
    money(minorUnits, of = currency) {
      const formatter = new Intl.NumberFormat(locale, { style: "currency", currency: of });
      const digits = formatter.resolvedOptions().maximumFractionDigits ?? 2;
      return formatter.format(minorUnits / 10 ** digits);
    },
  };
}

/** What the browser says, until the person's company is known. */
export function browserManner(): Manner {
  const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return { locale, timeZone, currency: "EUR" };
}
