"use client";
import { AppLink, Banner, cx, EmptyState, Page } from "@leadmetrics/ui";
import { frameQueries, platformQueries, Query, type Queue, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";

/** The platform's streams and how far behind their readers are. */
export function QueuesScreen() {
  const queues = useQuery(platformQueries.queues);
  const dead = useQuery(frameQueries.deadLetters);
  const letters = dead.data?.items.length ?? 0;
  return (
    <Page title="Queues">
      {letters > 0 ? (
        <Banner
          tone="warn"
          className="mb-4 rounded-control border !px-3"
          action={
            <AppLink href="/dead-letters" className="font-semibold underline">
              Look at them
            </AppLink>
          }
        >
          {letters === 1 ? "One event is a dead letter." : `${letters} events are dead letters.`}
        </Banner>
      ) : null}
      <Query of={queues}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="waypoints" title="No streams">
              The broker has none of the platform's streams: it was emptied, or this is another one.
            </EmptyState>
          ) : (
            <Streams queues={items} />
          )
        }
      </Query>
    </Page>
  );
}

function Streams({ queues }: { queues: readonly Queue[] }) {
  const format = useFormat();
  const cell = "h-9 px-2 text-right max-md:h-11";
  return (
    <section
      aria-label="Streams and their readers"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto border-y border-line"
    >
      <table className="w-full text-sm">
        <thead>
          <tr className="text-xs text-muted">
            <th scope="col" className="h-8 text-left font-normal">
              Stream and reader
            </th>
            <th scope="col" className="px-2 text-right font-normal">
              Waiting
            </th>
            <th scope="col" className="px-2 text-right font-normal">
              In hand
            </th>
            <th scope="col" className="px-2 text-right font-normal max-md:hidden">
              Sent again
            </th>
            <th scope="col" className="pl-2 text-right font-normal max-md:hidden">
              Kept
            </th>
          </tr>
        </thead>
        {queues.map((queue) => (
          <tbody key={queue.name} className="border-t border-line">
            <tr>
              <th scope="rowgroup" className="h-9 pr-2 text-left font-semibold max-md:h-11">
                {queue.name}
              </th>
              <td colSpan={2} />
              <td className="max-md:hidden" />
              <td className="pl-2 text-right text-muted max-md:hidden">
                {format.number(queue.messages)} · {sizeOf(queue, format.number)}
              </td>
            </tr>
            {queue.readers.map((reader) => (
              <tr key={reader.name} className="hover:bg-hover">
                <th scope="row" className="max-w-[16rem] truncate pl-4 text-left font-normal text-muted">
                  {reader.name}
                </th>
                <td className={cx(cell, reader.lag > 0 ? "font-semibold text-warn-text" : "text-muted")}>
                  {format.number(reader.lag)}
                </td>
                <td className={cx(cell, reader.inHand === 0 && "text-muted")}>
                  {format.number(reader.inHand)}
                </td>
                <td className={cx(cell, "max-md:hidden", reader.redelivered === 0 && "text-muted")}>
                  {format.number(reader.redelivered)}
                </td>
                <td className="max-md:hidden" />
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

const MB = 1_048_576;

/** "3.1 of 2,048 MB". */
function sizeOf({ bytes, maxBytes }: Queue, write: (value: number, digits?: number) => string): string {
  const now = write(bytes / MB, bytes < 10 * MB ? 1 : 0);
  return maxBytes > 0 ? `${now} of ${write(maxBytes / MB)} MB` : `${now} MB`;
}
