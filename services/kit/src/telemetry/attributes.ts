/** Every span attribute name of the platform; the upstream semantic conventions where they have one. */
export const ATTR = {
  service: "service.name",
  rpcSystem: "rpc.system",
  rpcService: "rpc.service",
  rpcMethod: "rpc.method",
  rpcCode: "rpc.connect_rpc.error_code",
  tenant: "leadmetrics.tenant.ref",
  request: "leadmetrics.request.id",
  actorKind: "leadmetrics.actor.kind",
  httpMethod: "http.request.method",
  httpRoute: "http.route",
  httpStatus: "http.response.status_code",
} as const;
