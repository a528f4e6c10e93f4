import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { emit, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import {
  ActivityCreatedSchema,
  ActivityTransitionedSchema,
  ChannelConnectedSchema,
  PublicationConfirmedSchema,
  RevisionCreatedSchema,
  StrategyChangedSchema,
} from "@leadmetrics/proto/content/events/v1/events";
import { type ActivitySchema, ActivityStatus } from "@leadmetrics/proto/content/v1/activities";
import { ContentType } from "@leadmetrics/proto/content/v1/plans";
import { FileDeletedSchema, FileIndexedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { FileStatus } from "@leadmetrics/proto/rag/v1/files";
import { SearchService } from "@leadmetrics/proto/search/v1/search";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COLLECTION_NAMES } from "../src/collections/define.ts";
import { COLLECTIONS } from "../src/collections/index.ts";
import type { SearchDb } from "../src/db.ts";
import { reindex } from "../src/documents/reindex.ts";
import { applyChange } from "../src/documents/store.ts";
import { searchParts } from "../src/search.ts";

let t: ServiceTest<SearchDb>;
beforeAll(async () => {
  t = await startServiceTest<SearchDb>({
    service: "search",
    migrations: new URL("../migrations", import.meta.url),
  });
  await t.start({ config: t.config, ...searchParts(t.config) });
});
afterAll(() => t.close());

/** Says something as the service that owns it would: through an outbox. */
async function say<D extends DescMessage>(
  schema: D,
  init: MessageInitShape<D>,
  aggregate: string,
  tenantId: TenantId = t.tenantA,
): Promise<void> {
  await t.db.withTenant(t.ctx.tenant(tenantId), (tx) =>
    emit(tx, t.ctx.tenant(tenantId), schema, init, { aggregate }),
  );
}

async function find(query: string, tenantId: TenantId = t.tenantA, collections: string[] = []) {
  const client = await t.client(SearchService, t.ctx.tenant(tenantId).principal);
  return (await client.search({ query, collections })).hits;
}

const refs = async (query: string, collections: string[] = [], tenantId: TenantId = t.tenantA) =>
  (await find(query, tenantId, collections)).map(({ ref }) => ref);
const soon = { timeout: 5_000, interval: 50 };

function activity(
  ref: string,
  version: number,
  status: ActivityStatus,
  title: string,
): MessageInitShape<typeof ActivitySchema> {
  return {
    ref,
    tenantRef: toRef(t.tenantA),
    contentType: ContentType.BLOG_POST,
    title,
    status,
    theme: "winter",
    stamp: { version },
  };
}

describe("the main job's events", () => {
  it("make a post found by a misspelt word of its title once a reviewer has let it through, and by clients only then", async () => {
    const ref = toRef(newId());
    const aggregate = `activity:${ref}`;
    await say(
      ActivityCreatedSchema,
      { activity: activity(ref, 1, ActivityStatus.PLANNED, "Sourdough through the winter") },
      aggregate,
    );
    await expect.poll(() => refs("sourdogh"), soon).toEqual([ref]);
    expect((await find("sourdogh"))[0]).toMatchObject({
      collection: "activities",
      status: "planned",
      tenantRef: toRef(t.tenantA),
    });

    const draft = activity(ref, 3, ActivityStatus.DM_REVIEW, "Sourdough through the winter");
    await say(
      RevisionCreatedSchema,
      {
        activity: draft,
        revision: {
          ref: toRef(newId()),
          number: 1,
          title: "Keeping sourdough alive in winter",
          body: "Put the **levain** beside the radiator.",
        },
      },
      aggregate,
    );
    const reviewer = await t.client(SearchService, t.ctx.reviewer([t.tenantA]).principal);
    await expect
      .poll(async () => (await reviewer.search({ query: "levain" })).hits.map((hit) => hit.collection), soon)
      .toEqual(["blog_posts"]);
    expect(await find("levain")).toEqual([]);

    await say(
      ActivityTransitionedSchema,
      {
        activity: activity(ref, 4, ActivityStatus.CLIENT_REVIEW, "Sourdough through the winter"),
        from: ActivityStatus.DM_REVIEW,
      },
      aggregate,
    );
    await expect.poll(() => refs("levain"), soon).toEqual([ref]);
    await say(
      PublicationConfirmedSchema,
      {
        activity: {
          ...activity(ref, 7, ActivityStatus.PUBLISHED, "Sourdough through the winter"),
          publishedUrl: "https://a.example/post",
        },
        publication: { ref: toRef(newId()) },
      },
      aggregate,
    );
    await expect
      .poll(async () => (await find("sourdogh", t.tenantA, ["blog_posts"]))[0]?.status, soon)
      .toBe("published");
    const [hit] = await find("levian radiator", t.tenantA, ["blog_posts"]);
    expect(hit).toMatchObject({ ref, title: "Keeping sourdough alive in winter" });
    expect(hit?.snippet).toContain("\ue000radiator\ue001");
    expect(await find("sourdogh", t.tenantB)).toEqual([]);
  });

  it("that come late or twice change nothing", async () => {
    const ref = toRef(newId());
    const transition = (version: number, status: ActivityStatus) =>
      say(
        ActivityTransitionedSchema,
        { activity: activity(ref, version, status, "Gingerbread houses") },
        `late:${newId()}`,
      );
    await transition(5, ActivityStatus.APPROVED);
    await transition(5, ActivityStatus.APPROVED);
    await expect.poll(async () => (await find("gingerbread"))[0]?.status, soon).toBe("approved");
    await transition(2, ActivityStatus.WORKING);
    await say(
      ChannelConnectedSchema,
      { channel: { ref: toRef(newId()), name: "After the late one", stamp: { version: 1 } } },
      "marker",
    );
    await expect.poll(() => find("after the late one"), soon).toHaveLength(1);
    expect((await find("gingerbread"))[0]?.status).toBe("approved");
  });

  it("a transition that overtakes the draft hides nothing once the draft comes", async () => {
    const ref = toRef(newId());
    await say(
      ActivityTransitionedSchema,
      { activity: activity(ref, 4, ActivityStatus.CLIENT_REVIEW, "Stollen") },
      `over:${newId()}`,
    );
    await expect.poll(() => refs("stollen", ["activities"]), soon).toEqual([ref]);
    expect(await refs("stollen", ["blog_posts"])).toEqual([]);
    await say(
      RevisionCreatedSchema,
      {
        activity: activity(ref, 3, ActivityStatus.DM_REVIEW, "Stollen"),
        revision: { number: 1, title: "Stollen for advent", body: "Raisins." },
      },
      `over:${newId()}`,
    );
    await expect.poll(() => refs("raisins", ["blog_posts"]), soon).toEqual([ref]);
    expect((await find("raisins"))[0]).toMatchObject({
      status: "client_review",
      title: "Stollen for advent",
    });
  });

  it("bring strategies with their goals, and knowledge files until they are deleted", async () => {
    const [strategy, goal, file] = [toRef(newId()), toRef(newId()), toRef(newId())];
    await say(
      StrategyChangedSchema,
      {
        strategy: {
          ref: strategy,
          title: "Bakery growth",
          body: "More walk-ins.",
          status: 1,
          goals: [{ ref: goal, name: "Newsletter subscribers", metric: "published_items", target: 5 }],
          stamp: { version: 1 },
        },
      },
      "strategy",
    );
    await say(
      FileIndexedSchema,
      { file: { ref: file, name: "Allergens-list.pdf", status: FileStatus.INDEXED } },
      `file:${file}`,
    );
    await expect.poll(() => refs("allergen"), soon).toEqual([file]);
    await expect.poll(() => refs("subscribers", ["goals"]), soon).toEqual([goal]);
    await expect.poll(() => refs("walk ins"), soon).toEqual([strategy]);
    await say(FileDeletedSchema, { fileRef: file }, `file:${file}`);
    await expect.poll(() => refs("allergen"), soon).toEqual([]);
  });
});

describe("whoever asks", () => {
  it("sees the own scope, whatever tenant they name", async () => {
    const client = await t.client(SearchService, t.ctx.tenant(t.tenantB).principal, t.tenantA);
    await expect(client.search({ query: "sourdough" })).rejects.toMatchObject({ code: Code.NotFound });
    const reviewer = await t.client(SearchService, t.ctx.reviewer([t.tenantB]).principal, t.tenantA);
    await expect(reviewer.search({ query: "sourdough" })).rejects.toMatchObject({ code: Code.NotFound });
  });

  it("has to sign in and to ask something", async () => {
    const nobody = await t.client(SearchService, { kind: "public" });
    await expect(nobody.search({ query: "sourdough" })).rejects.toMatchObject({ code: Code.Unauthenticated });
    const error = await find("").catch((reason: unknown) => ConnectError.from(reason));
    expect(error).toMatchObject({ code: Code.InvalidArgument });
  });
});

it("what is edited is found by the words it has now, the very ones that reindexing makes", async () => {
  const goal = { kind: "put", ref: toRef(newId()), status: "open" } as const;
  for (const [version, title, text] of [
    [1, "Rolls of rye", "Knead, rest, knead. Bake at noon."],
    [2, "Rolls of rye", "Rest, then bake: no kneading at all."],
    [3, "Rolls of spelt", "Rest, then bake: no kneading at all."],
    [4, "", "Rest."],
  ] as const)
    await t.db.withTenant(t.ctx.tenant(t.tenantA), (tx) =>
      applyChange(tx, t.tenantA, "goals", { ...goal, version, title, body: { version, text } }),
    );
  const postings = () =>
    t.db.withSystem("test", (tx) =>
      tx.selectFrom("posting").selectAll().orderBy("document_id").orderBy("field").orderBy("word").execute(),
    );
  const edited = await postings();
  await reindex(t.db);
  expect(edited).toEqual(await postings());
});

it("reindexing makes all words anew and changes no answer", async () => {
  const before = await refs("sourdogh");
  await t.db.withSystem("test", (tx) => tx.deleteFrom("posting").execute());
  expect(await refs("sourdogh")).toEqual([]);
  expect(await reindex(t.db)).toBeGreaterThan(3);
  expect(await refs("sourdogh")).toEqual(before);
});

it("all thirteen collections are declared, each once", () => {
  expect(COLLECTIONS.map(({ name }) => name).toSorted()).toEqual([...COLLECTION_NAMES].toSorted());
  expect(COLLECTION_NAMES).toHaveLength(13);
});

it("the database lets no tenant see another's rows", () => catalogueTest(t));
