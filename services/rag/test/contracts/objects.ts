import { newId } from "@leadmetrics/kit";
import { describe, expect, it } from "vitest";
import type { ObjectStore } from "../../src/objects/port.ts";

/** What every object store does. */
export function objectStoreContract(open: () => ObjectStore): void {
  describe("an object store", () => {
    const key = () => `tenant/rag/${newId()}/file.txt`;
    const bytes = (text: string) => new TextEncoder().encode(text);

    it("gives back what was put, byte for byte", async () => {
      const [store, name] = [open(), key()];
      const content = Uint8Array.from({ length: 70_000 }, (_, n) => n % 256);
      await store.put(name, content, "application/octet-stream");
      expect(Buffer.from((await store.get(name)) ?? []).equals(Buffer.from(content))).toBe(true);
    });

    it("replaces an object", async () => {
      const [store, name] = [open(), key()];
      await store.put(name, bytes("one"), "text/plain");
      await store.put(name, bytes("two"), "text/plain");
      expect(Buffer.from((await store.get(name)) ?? []).toString()).toBe("two");
    });

    it("says undefined for what isn't there, and removes twice without complaint", async () => {
      const [store, name] = [open(), key()];
      expect(await store.get(name)).toBeUndefined();
      await store.put(name, bytes("one"), "text/plain");
      await store.remove(name);
      await store.remove(name);
      expect(await store.get(name)).toBeUndefined();
    });

    it("lists what lies below a folder, in order, page by page, and nothing beside it", async () => {
      const store = open();
      const folder = `tenant/rag/${newId()}`;
      const keys = ["a/1.txt", "a/2.txt", "b.txt"].map((name) => `${folder}/${name}`);
      for (const name of [...keys, `${folder}x/other.txt`]) await store.put(name, bytes("x"), "text/plain");
      expect(await store.list(folder, "", 10)).toEqual(keys);
      expect(await store.list(folder, "", 2)).toEqual(keys.slice(0, 2));
      expect(await store.list(folder, keys[1] ?? "", 10)).toEqual(keys.slice(2));
      expect(await store.list(`${folder}/none`, "", 10)).toEqual([]);
    });

    it.each(["../etc/passwd", "/etc/passwd", "a/../b", "a//b", "", ".hidden"])(
      "refuses the key %j",
      async (bad) => {
        await expect(open().put(bad, bytes("x"), "text/plain")).rejects.toThrow("no object key");
      },
    );
  });
}
