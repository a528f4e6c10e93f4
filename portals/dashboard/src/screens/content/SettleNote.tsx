"use client";
import { Button, TextField } from "@leadmetrics/ui";
import { Failure, tenantActions, useAction, useMayEdit } from "@leadmetrics/web";
import { useState } from "react";

/** The channel can't say whether the post is there: a person looks and settles it. It is never sent again blindly. */
export function SettleNote({
  publicationRef,
  channelName = "the channel",
}: {
  publicationRef: string;
  channelName?: string;
}) {
  const [url, setUrl] = useState("");
  const mayEdit = useMayEdit();
  const settle = useAction(
    (body: { published: boolean; url?: string }) => tenantActions.settle(publicationRef, body),
    {
      renews: ["activities", "periods"],
      quiet: true,
    },
  );
  return (
    <div className="flex flex-col gap-3 rounded-control border border-warn/60 p-3 text-sm">
      <p>
        We don't know whether this reached {channelName}: its answer did not come. Nothing is sent again until
        it is known. Look there, then tell us.
      </p>
      {settle.error ? <Failure of={settle.error} /> : null}
      {mayEdit ? (
        <div className="flex flex-wrap items-end gap-2">
          <TextField
            className="min-w-60 flex-1"
            label="Address of the post, if it is there"
            type="url"
            value={url}
            onChange={setUrl}
          />
          <Button
            isDisabled={!url.trim()}
            isPending={settle.isPending}
            onPress={() => settle.mutate({ published: true, url: url.trim() })}
          >
            It is there
          </Button>
          <Button isPending={settle.isPending} onPress={() => settle.mutate({ published: false })}>
            It is not there
          </Button>
        </div>
      ) : null}
    </div>
  );
}
