"use client";
import { Button, TextArea } from "@leadmetrics/ui";
import { type FormEvent, useState } from "react";
import type { Comment, Page } from "../api/shapes.ts";
import { Failure, Query } from "../app/Query.tsx";
import { useFormat } from "../app/useMe.tsx";
import { useActorName } from "../view/actor-name.ts";
import { useAction } from "../view/useAction.ts";
import { threadsOf } from "./threads.ts";

type Send = (text: string, threadRef?: string) => Promise<unknown>;

/** What a client and the DM team say to each other about an item, thread by thread; an answer is written below what it answers. */
export function CommentThreads({
  of,
  send,
  mayWrite = true,
}: {
  of: { data: Page<Comment> | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  send: Send;
  mayWrite?: boolean;
}) {
  const [answering, setAnswering] = useState<string>();
  return (
    <div className="flex max-w-[68ch] flex-col gap-6">
      <Query of={of}>
        {({ items }) => {
          const threads = threadsOf(items);
          if (threads.length === 0)
            return <p className="text-sm text-muted">Nobody has said anything about this yet.</p>;
          return (
            <ol className="flex flex-col gap-5">
              {threads.map(({ first, answers }) => (
                <li key={first.ref} className="flex flex-col gap-3">
                  <Said comment={first} />
                  <div className="ml-1 flex flex-col gap-3 border-l border-line pl-4">
                    {answers.map((one) => (
                      <Said key={one.ref} comment={one} />
                    ))}
                    {!mayWrite ? null : answering === first.ref ? (
                      <Write
                        label="Answer"
                        send={(text) => send(text, first.ref)}
                        onDone={() => setAnswering(undefined)}
                        onCancel={() => setAnswering(undefined)}
                      />
                    ) : (
                      <span>
                        <Button kind="quiet" onPress={() => setAnswering(first.ref)}>
                          Answer
                        </Button>
                      </span>
                    )}
                  </div>
                </li>
              ))}
            </ol>
          );
        }}
      </Query>
      {mayWrite && answering === undefined ? <Write label="Comment" send={(text) => send(text)} /> : null}
    </div>
  );
}

function Said({ comment }: { comment: Comment }) {
  const format = useFormat();
  const actorName = useActorName();
  return (
    <article className="text-sm">
      <p className="text-muted">
        <span className="font-semibold text-text" dir="auto">
          {actorName(comment.author) || "DM team"}
        </span>{" "}
        · {format.relative(comment.createdOn)}
        {comment.internal ? " · internal" : ""}
      </p>
      <p className="mt-0.5 break-words whitespace-pre-wrap" dir="auto">
        {comment.text}
      </p>
    </article>
  );
}

function Write({
  label,
  send,
  onDone,
  onCancel,
}: {
  label: string;
  send: (text: string) => Promise<unknown>;
  onDone?: () => void;
  onCancel?: () => void;
}) {
  const [text, setText] = useState("");
  const post = useAction(() => send(text.trim()), {
    renews: ["comments"],
    done: () => {
      setText("");
      onDone?.();
    },
    quiet: true,
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) post.mutate(undefined);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-2">
      {post.error ? <Failure of={post.error} /> : null}
      <TextArea
        label={label}
        rows={2}
        value={text}
        onChange={setText}
        maxLength={4000}
        autoFocus={onCancel !== undefined}
      />
      <div className="flex justify-end gap-2">
        {onCancel ? (
          <Button kind="quiet" onPress={onCancel}>
            Cancel
          </Button>
        ) : null}
        <Button type="submit" isPending={post.isPending} isDisabled={!text.trim()}>
          Send
        </Button>
      </div>
    </form>
  );
}
