import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "@leadmetrics/proto/gen/grpc/health/v1/health_pb";

/** How often a watched status is looked at, milliseconds. */
const WATCH_MS = 1_000;

/** grpc.health.v1 for gRPC clients and their load balancers; "" means the whole process. */
export function healthService(router: ConnectRouter, names: readonly string[], isReady: () => boolean): void {
  const status = (service: string) => {
    if (service !== "" && !names.includes(service)) return undefined;
    return isReady() ? Status.SERVING : Status.NOT_SERVING;
  };
  router.service(Health, {
    check(request) {
      const now = status(request.service);
      if (now === undefined) throw new ConnectError(`no service ${request.service} here`, Code.NotFound);
      return { status: now };
    },
    list: () => ({
      statuses: Object.fromEntries(
        ["", ...names].map((name) => [name, { status: status(name) ?? Status.UNKNOWN }]),
      ),
    }),
    async *watch(request, { signal }) {
      let last: Status | undefined;
      while (!signal.aborted) {
        const now = status(request.service) ?? Status.SERVICE_UNKNOWN;
        if (now !== last) yield { status: now };
        last = now;
        await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
      }
    },
  });
}
