"use client";
import { type Activity, ApiError, reviewActions } from "@leadmetrics/web";
import { useCallback, useEffect, useRef, useState } from "react";
import { localKey } from "./edit-rules.ts";

export type Saving = "saved" | "saving" | "here" | "elsewhere";

/** Milliseconds after the last change until the server is told; this machine keeps it at once. */
const SAVE_MS = 1_200;

/**
 * Keeps an unfinished edit: on this machine at once, on the server shortly after. `here` means the server couldn't be
 * reached and will be told again; `elsewhere` that another window of the same person has gone on, so this one holds back.
 */
export function useAutosave({ tenantRef, ref }: Activity, base: string, firstVersion: number) {
  const [saving, setSaving] = useState<Saving>("saved");
  const version = useRef(firstVersion);
  const waiting = useRef<{ title: string; body: string } | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const busy = useRef(false);
  const ended = useRef(false);

  const send = useCallback(async () => {
    clearTimeout(timer.current);
    const text = waiting.current;
    if (!text || busy.current || ended.current) return;
    busy.current = true;
    setSaving("saving");
    try {
      const kept = await reviewActions.saveEdit(tenantRef, ref, {
        ...text,
        baseContentHash: base,
        version: version.current,
      });
      version.current = kept.version;
      if (waiting.current === text) waiting.current = undefined;
      setSaving(waiting.current ? "saving" : "saved");
    } catch (cause) {
      setSaving(cause instanceof ApiError && cause.code === "edit_changed" ? "elsewhere" : "here");
    } finally {
      busy.current = false;
    }
    if (waiting.current && waiting.current !== text) void send();
  }, [tenantRef, ref, base]);

  useEffect(() => {
    const again = () => void send();
    window.addEventListener("online", again);
    return () => {
      window.removeEventListener("online", again);
      void send();
    };
  }, [send]);

  return {
    saving,
    keep(title: string, body: string) {
      if (ended.current) return;
      const local = { title, body, baseContentHash: base, savedOn: new Date().toISOString() };
      localStorage.setItem(localKey(ref), JSON.stringify(local));
      waiting.current = { title, body };
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void send(), SAVE_MS);
    },
    /** The edit is over: nothing of it is kept. */
    end() {
      ended.current = true;
      clearTimeout(timer.current);
      waiting.current = undefined;
      localStorage.removeItem(localKey(ref));
    },
    /** This window's text holds, whatever the other one kept. */
    async insist() {
      const { edit } = await reviewActions.edit(tenantRef, ref);
      version.current = edit?.version ?? 0;
      await send();
    },
  };
}
