"use client";
import type { FileOnItsWay } from "@leadmetrics/ui";
import { type KnowledgeFile, refuseEarly, uploadFailure, uploadFile } from "@leadmetrics/web";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

/** Files sent at the same time; the others wait in line. */
const AT_ONCE = 3;

interface Upload extends FileOnItsWay {
  ref?: string;
}

/** Sends files, a few at a time, and follows each until it is ready or refused. */
export function useUploads(stored: readonly KnowledgeFile[]) {
  const client = useQueryClient();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const line = useRef<(() => Promise<void>)[]>([]);
  const running = useRef(0);

  const set = (key: string, change: Partial<Upload>) =>
    setUploads((now) => now.map((one) => (one.key === key ? { ...one, ...change } : one)));

  const pump = () => {
    while (running.current < AT_ONCE) {
      const next = line.current.shift();
      if (!next) return;
      running.current++;
      void next().finally(() => {
        running.current--;
        pump();
      });
    }
  };

  const send = async (key: string, file: File) => {
    set(key, { state: "sending", progress: 0 });
    try {
      const result = await uploadFile(file, (progress) => set(key, { progress }));
      if (result.ok)
        set(key, { state: "reading", progress: undefined, ref: result.file.ref, note: "Being read" });
      else set(key, { state: "refused", note: result.reason });
      await client.invalidateQueries({ queryKey: ["files"] });
    } catch (cause) {
      set(key, { state: "refused", note: uploadFailure(cause) });
    }
  };

  const add = (files: File[]) => {
    const added = files.map((file) => {
      const reason = refuseEarly(file);
      const upload: Upload = {
        key: crypto.randomUUID(),
        name: file.name,
        size: file.size,
        state: reason ? "refused" : "waiting",
        note: reason,
      };
      if (!reason) line.current.push(() => send(upload.key, file));
      return upload;
    });
    setUploads((now) => [...now, ...added]);
    pump();
  };

  // Once it is sent, the platform's own record says how far the reading is.
  useEffect(() => {
    setUploads((now) => {
      const next = now.flatMap((one) => {
        const file = stored.find((known) => known.ref === one.ref);
        if (!file || one.state !== "reading") return [one];
        if (file.status === "indexed") return [];
        if (file.status === "refused") return [{ ...one, state: "refused" as const, note: file.problem }];
        return [{ ...one, progress: file.progressPercent / 100 }];
      });
      return next.length === now.length && next.every((one, index) => one === now[index]) ? now : next;
    });
  }, [stored]);

  return {
    files: uploads,
    add,
    dismiss: (key: string) => setUploads((now) => now.filter((one) => one.key !== key)),
  };
}
