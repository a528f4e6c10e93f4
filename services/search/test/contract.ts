import { asTenantId, type Ctx, type Id, newId, type TenantId, toRef } from "@leadmetrics/kit";
import type { ServiceTest } from "@leadmetrics/kit/testing";
import { beforeAll, describe, expect, it } from "vitest";
import type { Change, CollectionName } from "../src/collections/define.ts";
import { COLLECTIONS } from "../src/collections/index.ts";
import type { SearchDb } from "../src/db.ts";
import { applyChange } from "../src/documents/store.ts";
import { syncDocuments } from "../src/documents/sync.ts";
import type { SearchEngine } from "../src/engine/port.ts";
import { search } from "../src/query/search.ts";

type Put = Extract<Change, { kind: "put" }>;

/** What every engine does, over the documents the service keeps. */
export function engineContract(given: () => { t: ServiceTest<SearchDb>; engine: SearchEngine }): void {
  describe("an engine", () => {
    let t: ServiceTest<SearchDb>;
    let engine: SearchEngine;
    let a: TenantId;
    let b: TenantId;
    let ids: Record<"starter" | "rye" | "mention" | "channel" | "secret" | "foreign", Id>;
    const signal = new AbortController().signal;

    const change = async (tenantId: TenantId, collection: CollectionName, changed: Change) => {
      await t.db.withTenant(t.ctx.tenant(tenantId), (tx) => applyChange(tx, tenantId, collection, changed));
    };
    const settle = async () => {
      if (engine.copy) await syncDocuments(t.db, engine.copy, signal);
    };
    const put = async (
      tenantId: TenantId,
      collection: CollectionName,
      more: Partial<Put> & { title: string },
    ): Promise<Id> => {
      const id = newId();
      await change(tenantId, collection, {
        kind: "put",
        ref: toRef(id),
        version: 1,
        status: "published",
        ...more,
      });
      return id;
    };
    const find = async (ctx: Ctx, query: string, collections: string[] = [], limit = 10) =>
      search(engine, COLLECTIONS, ctx, { query, collections, limit });
    const idsFound = async (ctx: Ctx, query: string, collections: string[] = []) =>
      (await find(ctx, query, collections)).map((hit) => hit.sourceId);

    beforeAll(async () => {
      ({ t, engine } = given());
      // Its own tenants: the suites of several engines share the database.
      [a, b] = [asTenantId(newId()), asTenantId(newId())];
      ids = {
        starter: await put(a, "blog_posts", {
          title: "Sourdough starters for beginners",
          body: { version: 1, text: "Feed it **twice** a day with rye flour." },
        }),
        rye: await put(a, "blog_posts", {
          title: "Rye bread in a tin",
          body: { version: 1, text: "A wet dough is proofed in a tin." },
        }),
        mention: await put(a, "activities", { title: "December newsletter", keywords: ["bread"] }),
        channel: await put(a, "channels", {
          title: "Crème & Crumb blog",
          keywords: ["wordpress", "https://crumb.example"],
        }),
        secret: await put(a, "blog_posts", {
          title: "Sourdough secrets",
          internal: true,
          body: { version: 1, text: "Not reviewed yet." },
        }),
        foreign: await put(b, "blog_posts", {
          title: "Sourdough starters of tenant B",
          body: { version: 1, text: "Rye." },
        }),
      };
      await settle();
    });

    it.each([
      "sourdogh",
      "soudrough",
      "Sourdough",
      "sourdo",
      "SOURDOUGH starters",
      "sourdogh startres",
      "begginers",
    ])("finds a title by %j", async (query) => {
      expect(await idsFound(t.ctx.tenant(a), query)).toEqual([ids.starter]);
    });

    it("finds accents by plain letters", async () =>
      expect(await idsFound(t.ctx.tenant(a), "creme")).toEqual([ids.channel]));

    it("ranks a title before keywords before a body", async () => {
      expect(await idsFound(t.ctx.tenant(a), "rye")).toEqual([ids.rye, ids.starter]);
      expect(await idsFound(t.ctx.tenant(a), "bread")).toEqual([ids.rye, ids.mention]);
      const scores = (await find(t.ctx.tenant(a), "bread")).map(({ score }) => score);
      expect(scores[0]).toBeGreaterThan(scores[1] ?? 1);
    });

    it("prefers what has all words, and falls back to what has the most", async () => {
      expect(await idsFound(t.ctx.tenant(a), "rye bread")).toEqual([ids.rye]);
      expect(await idsFound(t.ctx.tenant(a), "bread unicorn")).toEqual([ids.rye, ids.mention]);
      expect(await idsFound(t.ctx.tenant(a), "unicorn")).toEqual([]);
    });

    it("keeps tenants apart", async () => {
      expect(await idsFound(t.ctx.tenant(b), "sourdough")).toEqual([ids.foreign]);
      expect(await idsFound(t.ctx.tenant(b), "newsletter")).toEqual([]);
      expect(await idsFound(t.ctx.tenant(a), "tenant")).toEqual([]);
    });

    it("shows a reviewer the assigned tenants, unreviewed drafts included, and nothing else", async () => {
      expect((await idsFound(t.ctx.reviewer([a, b]), "sourdough")).toSorted()).toEqual(
        [ids.starter, ids.secret, ids.foreign].toSorted(),
      );
      expect(await idsFound(t.ctx.reviewer([b]), "sourdough")).toEqual([ids.foreign]);
      expect(await idsFound(t.ctx.reviewer([]), "sourdough")).toEqual([]);
    });

    it("shows a super admin everything, or the one tenant they name", async () => {
      expect(await idsFound(t.ctx.superAdmin(), "sourdough")).toContain(ids.foreign);
      expect(await idsFound(t.ctx.superAdmin(b), "sourdough")).toEqual([ids.foreign]);
    });

    it("searches the collections that are asked for, and knows no others", async () => {
      expect(await idsFound(t.ctx.tenant(a), "bread", ["activities"])).toEqual([ids.mention]);
      await expect(find(t.ctx.tenant(a), "bread", ["passwords"])).rejects.toMatchObject({ kind: "invalid" });
    });

    it("shows where the match is", async () => {
      const [hit] = await find(t.ctx.tenant(a), "twice");
      expect(hit).toMatchObject({
        collection: "blog_posts",
        title: "Sourdough starters for beginners",
        status: "published",
      });
      expect(hit?.snippet).toBe("Feed it \ue000twice\ue001 a day with rye flour.");
    });

    it.each(["' or 1=1 --", "a & b | !c:*", "`] || tenant:!=x", "\\", "🍞", "*", "\"''\""])(
      "takes %j for words, not for syntax",
      async (query) => {
        const found = await idsFound(t.ctx.tenant(a), query);
        expect(found).not.toContain(ids.foreign);
      },
    );

    it("counts and removes a tenant's copies, and leaves the others' alone", async () => {
      if (!engine.copies) return;
      const [gone, kept] = [asTenantId(newId()), asTenantId(newId())];
      await put(gone, "blog_posts", { title: "Pelican" });
      await put(gone, "goals", { title: "Pelican count" });
      await put(kept, "goals", { title: "Pelican count" });
      await settle();
      expect([await engine.copies.count(gone), await engine.copies.count(kept)]).toEqual([2, 1]);
      expect(await engine.copies.remove(gone)).toBe(2);
      expect(await engine.copies.remove(gone)).toBe(0);
      expect([await engine.copies.count(gone), await engine.copies.count(kept)]).toEqual([0, 1]);
    });

    it("takes what changed, and forgets what was removed", async () => {
      const id = newId();
      const ref = toRef(id);
      await change(a, "goals", {
        kind: "put",
        ref,
        version: 1,
        title: "Quarterly walrus count",
        status: "open",
      });
      await settle();
      expect(await idsFound(t.ctx.tenant(a), "walrus")).toEqual([id]);
      await change(a, "goals", {
        kind: "put",
        ref,
        version: 2,
        title: "Quarterly narwhal count",
        status: "reached",
      });
      await settle();
      expect(await idsFound(t.ctx.tenant(a), "walrus")).toEqual([]);
      expect((await find(t.ctx.tenant(a), "narwhal"))[0]?.status).toBe("reached");
      await change(a, "goals", { kind: "remove", ref, version: 3 });
      await change(a, "goals", {
        kind: "put",
        ref,
        version: 2,
        title: "Quarterly narwhal count",
        status: "open",
      });
      await settle();
      expect(await idsFound(t.ctx.tenant(a), "narwhal")).toEqual([]);
    });
  });
}
