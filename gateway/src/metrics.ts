import { counter, gauge, histogram, METRICS } from "@leadmetrics/kit";

/** HTTP requests served, by route pattern (never by path) and status. */
export const httpServed = histogram(METRICS.httpServed);
export const sseClients = gauge(METRICS.sseClients);
export const sseOpened = counter(METRICS.sseOpened);
