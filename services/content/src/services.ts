import type { ServedService } from "@leadmetrics/kit";
import { type ChannelDeps, channelsService } from "./channels/rpc.ts";
import { clientReviewService } from "./client-review/rpc.ts";
import type { NamesOf } from "./desk/names.ts";
import { reviewDeskService } from "./desk/rpc.ts";
import { workFiguresService } from "./figures/rpc.ts";
import { approvalLinksService } from "./links/rpc.ts";
import { plansService } from "./planning/rpc.ts";
import { activitiesService } from "./production/activities-rpc.ts";
import { approvalsService } from "./production/approvals-rpc.ts";
import { reviewsService } from "./production/reviews-rpc.ts";
import { publicationsService } from "./publications/rpc.ts";
import { scheduleService } from "./schedule/rpc.ts";
import { strategiesService } from "./strategy/rpc.ts";

/** All contracts of the service. */
export function servicesOf(deps: ChannelDeps & { readonly namesOf: NamesOf }): ServedService[] {
  const { db, namesOf } = deps;
  return [
    strategiesService(db),
    plansService(db),
    activitiesService(db),
    reviewsService(db),
    approvalsService(db),
    clientReviewService(db),
    reviewDeskService(db, namesOf),
    approvalLinksService(db),
    scheduleService(db),
    channelsService(deps),
    publicationsService(db),
    workFiguresService(db),
  ];
}
