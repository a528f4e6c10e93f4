import { FormatProvider } from "@leadmetrics/web";
import { DecideScreen } from "../../screens/Decide.tsx";

// What stands behind the address is one person's: nothing of it goes to other sites or into search engines.
export const metadata = { title: "Read and decide", robots: { index: false }, referrer: "no-referrer" };

export default function DecidePage() {
  return (
    <FormatProvider ofTenant={false}>
      <DecideScreen />
    </FormatProvider>
  );
}
