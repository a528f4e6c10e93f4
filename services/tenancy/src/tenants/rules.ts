/** Whether the runtime knows a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** Which fields of a tenant's settings can't be used, each with a sentence. */
export function settingsProblems(settings: {
  timeZone: string;
  locale: string;
}): { field: string; description: string }[] {
  return [
    ...(isTimeZone(settings.timeZone)
      ? []
      : [
          {
            field: "time_zone",
            description: `"${settings.timeZone}" is no time zone. Use one like Europe/Berlin.`,
          },
        ]),
    ...(isLocale(settings.locale)
      ? []
      : [{ field: "locale", description: `"${settings.locale}" is no language tag. Use one like en-GB.` }]),
  ];
}
