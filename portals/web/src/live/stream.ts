import type { QueryClient } from "@tanstack/react-query";
import { sessionFetch } from "../api/http.ts";
import { connect, type LiveState } from "./connection.ts";
import { keysToRenew, type LiveEvent, readEvent, readProgress } from "./events.ts";
import { pushRunEvents } from "./run-text.ts";

/** Events that come together renew a list once, after this long. */
const GATHER_MS = 150;

/** Opens the event stream of a tab and renews what events make old. Returns the function that ends it. */
export function listen(options: {
  url: string;
  client: QueryClient;
  onState: (state: LiveState) => void;
  onEvent: (event: LiveEvent) => void;
}): () => void {
  const { client } = options;
  const old = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const renew = () => {
    timer = undefined;
    for (const key of old) void client.invalidateQueries({ queryKey: [key] });
    old.clear();
  };
  const stop = connect({
    url: options.url,
    fetch: sessionFetch,
    onState: options.onState,
    onGap: () => void client.invalidateQueries(),
    onEvent: (message) => {
      const event = readEvent(message.data);
      if (!event) return;
      if (event.type === "agents.run.progressed") {
        const progress = readProgress(event.data);
        if (progress) pushRunEvents(progress.runRef, progress.events);
      }
      for (const key of keysToRenew(event.type)) old.add(key);
      if (old.size > 0) timer ??= setTimeout(renew, GATHER_MS);
      options.onEvent(event);
    },
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
