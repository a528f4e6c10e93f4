import { NoPermission, NotThere } from "@leadmetrics/ui";

/** What the gateway would not show. */
export default function Refusal({ status }: { status: 403 | 404 }) {
  return status === 403 ? <NoPermission /> : <NotThere />;
}
