"use client";
import { Button, TextArea } from "@leadmetrics/ui";
import { type FormEvent, useState } from "react";
import type { Comment, Page } from "../api/shapes.ts";
import { Failure, Query } from "../app/Query.tsx";
import { useFormat } from "../app/useMe.tsx";
import { useActorName } from "../view/actor-name.ts";
import { useAction } from "../view/useAction.ts";

interface Props {
  of: { data: Page<Comment> | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  send: (text: string, internal: boolean) => Promise<unknown>;
  /** Reviewers may write notes that clients never see. */
  mayBeInternal?: boolean;
}

/** What people say to each other about an item, oldest first. */
export function CommentsPane({ of, send, mayBeInternal = false }: Props) {
  const format = useFormat();
  const actorName = useActorName();
  const [text, setText] = useState("");
  const [internal, setInternal] = useState(mayBeInternal);
  const post = useAction(() => send(text.trim(), internal), {
    renews: ["comments"],
    done: () => setText(""),
    quiet: true,
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) post.mutate(undefined);
  };
  return (
    <div className="flex max-w-[68ch] flex-col gap-4">
      <Query of={of}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-sm text-muted">Nobody has said anything about this yet.</p>
          ) : (
            <ol className="flex flex-col gap-4">
              {items.map((one) => (
                <li key={one.ref} className="text-sm">
                  <p className="text-muted">
                    <span className="font-semibold text-text">{actorName(one.author) || "Someone"}</span> ·{" "}
                    {format.relative(one.createdOn)}
                    {one.internal ? " · internal" : ""}
                  </p>
                  <p className="mt-0.5 whitespace-pre-wrap">{one.text}</p>
                </li>
              ))}
            </ol>
          )
        }
      </Query>
      <form onSubmit={onSubmit} className="flex flex-col gap-2">
        {post.error ? <Failure of={post.error} /> : null}
        <TextArea label="Comment" rows={2} value={text} onChange={setText} maxLength={4000} />
        <div className="flex items-center justify-between gap-3">
          {mayBeInternal ? (
            <label className="flex items-center gap-2 text-sm text-muted">
              <input
                type="checkbox"
                checked={internal}
                onChange={(event) => setInternal(event.target.checked)}
                className="accent-(--accent)"
              />
              Only for the DM team
            </label>
          ) : (
            <span />
          )}
          <Button type="submit" isPending={post.isPending} isDisabled={!text.trim()}>
            Send
          </Button>
        </div>
      </form>
    </div>
  );
}
