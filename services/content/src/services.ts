import type { ServedService } from "@leadmetrics/kit";
import { type ChannelDeps, channelsService } from "./channels/rpc.ts";
import { plansService } from "./planning/rpc.ts";
import { activitiesService } from "./production/activities-rpc.ts";
import { reviewServices } from "./production/reviews-rpc.ts";
import { publicationsService } from "./publications/rpc.ts";
import { strategiesService } from "./strategy/rpc.ts";

/** All contracts of the service. */
export function servicesOf(deps: ChannelDeps): ServedService[] {
  const { db } = deps;
  return [
    strategiesService(db),
    plansService(db),
    activitiesService(db),
    ...reviewServices(db),
    channelsService(deps),
    publicationsService(db),
  ];
}
