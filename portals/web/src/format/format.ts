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
  date: (iso: string | undefined) => string;
  time: (iso: string | undefined) => string;
  dateTime: (iso: string | undefined) => string;
  month: (iso: string | undefined) => string;
  /** "in 3 days", "5 minutes ago". */
  relative: (iso: string | undefined, nowMs?: number) => string;
  number: (value: number, digits?: number) => string;
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
  return {
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
