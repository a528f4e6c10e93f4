import type { ActivityStatus } from "@leadmetrics/web";

/** What became of a draft that isn't in the queue, and whether it comes back. */
export function whereItIs(status: ActivityStatus): string {
  switch (status) {
    case "dm_review":
      return "You have just decided on it. As long as the message below is there, you can take that back.";
    case "client_review":
      return "It was approved here and is with the client.";
    case "approved":
    case "scheduled":
    case "publishing":
    case "unconfirmed":
    case "publish_failed":
      return "It was approved and is on its way out.";
    case "published":
      return "It was approved and is out.";
    case "cancelled":
      return "It was cancelled. Nothing of it goes out.";
    case "on_hold":
      return "Somebody put it on hold. When it goes on, it comes back here if it waited here.";
    case "failed":
      return "The agent failed. The draft comes here once somebody lets it try again.";
    case "planned":
    case "queued":
    case "working":
    case "changes_requested":
      return "An agent is writing it. It comes here when there is a draft.";
  }
}
