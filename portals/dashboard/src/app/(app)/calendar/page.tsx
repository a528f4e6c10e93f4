import type { Tenant } from "@leadmetrics/web";
import { Ahead, answerAhead } from "@leadmetrics/web/ahead";
import { Suspense } from "react";
import { CalendarPage } from "../../../screens/CalendarPage.tsx";
import { shownOf } from "../../../screens/calendar/rules.ts";

export const metadata = { title: "Calendar" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/features"];

type Asked = Promise<{ view?: string; day?: string }>;

export default function Route({ searchParams }: { searchParams: Asked }) {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <Suspense>
        <EntriesAhead of={searchParams} />
      </Suspense>
      <CalendarPage />
    </>
  );
}

/** Which days are shown is the company's to say: its zone, and where its weeks begin. */
async function EntriesAhead({ of }: { of: Asked }) {
  const [{ view, day }, company] = await Promise.all([of, answerAhead("dashboard", "/tenant/v1/tenant")]);
  const { timeZone, locale } = (company ?? {}) as Partial<Tenant>;
  if (!timeZone || !locale) return null;
  const { stretch } = shownOf({ view, day }, { timeZone, locale });
  return <Ahead portal="dashboard" of={[`/tenant/v1/calendar?${new URLSearchParams(stretch)}`]} />;
}
