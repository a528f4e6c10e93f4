import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Listed, type Rest, RestError, refusal, until } from "../company.ts";
import { found } from "./alike.ts";
import { listen } from "./live.ts";
import type { World } from "./world.ts";

const TEST_MS = 60_000;
/** What "at once" is allowed to be on a busy machine, milliseconds; the measured time is printed. */
const UNASSIGNED_MS = 3_000;

/** Suite B: what isn't reached by a reference. */
export function elsewhereSuite(world: () => World): void {
  describe("another tenant's words", () => {
    const swapped = (word: string) => `${word.slice(0, 4)}${word[5]}${word[4]}${word.slice(6)}`;
    const hits = async (rest: Rest, path: string, query: string) =>
      JSON.stringify((await rest.get<Listed<unknown>>(`${path}/search?q=${encodeURIComponent(query)}`)).body);

    it("are found by their own tenant, misspelt too, and by nobody else", async () => {
      const { a, b, reviewer, stranger } = world();
      for (const query of [b.word, swapped(b.word), b.word.slice(0, 8)]) {
        expect(found(await hits(b.owner.rest, "/tenant/v1", query), [b.refs.tenant])).not.toEqual([]);
        expect(found(await hits(a.owner.rest, "/tenant/v1", query), b.own)).toEqual([]);
        expect(found(await hits(a.team.viewer.rest, "/tenant/v1", query), b.own)).toEqual([]);
        expect(found(await hits(reviewer.rest, "/dm/v1", query), b.own)).toEqual([]);
        expect(found(await hits(stranger.rest, "/dm/v1", query), [...a.own, ...b.own])).toEqual([]);
      }
      expect(found(await hits(reviewer.rest, "/dm/v1", a.word), [a.refs.tenant])).not.toEqual([]);
    });

    it("are what only its own questions are answered with", async () => {
      const { a, b } = world();
      const ask = async (rest: Rest) =>
        JSON.stringify(
          (
            await rest.post("/tenant/v1/knowledge/ask", {
              query: `How long does the ${b.word} dough rest?`,
              limit: 50,
            })
          ).body,
        );
      expect(found(await ask(b.owner.rest), [b.refs.file, "nine hours under linen"])).toHaveLength(2);
      const answer = await ask(a.owner.rest);
      expect(answer).toContain(a.word);
      expect(found(answer, b.own)).toEqual([]);
    });

    it("lie in no object but those under its own name", async () => {
      const { a, b, platform } = world();
      const folder = join(platform.place.dataDir, "files");
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const holding = async (word: string) => {
        const paths = entries
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name));
        const texts = await Promise.all(paths.map((path) => readFile(path, "latin1")));
        return paths.filter((_, index) => texts[index]?.includes(word));
      };
      for (const tenant of [a, b]) {
        const objects = await holding(tenant.word);
        expect(objects.length).toBeGreaterThan(0);
        expect(objects.filter((path) => !path.includes(tenant.refs.tenant))).toEqual([]);
      }
    });
  });

  describe("live events", () => {
    it(
      "carry nothing of another tenant while it works, nor what it did when one resumes at its ids",
      async () => {
        const { a, b, reviewer, platform } = world();
        const { gateway } = platform.addresses;
        const url = `${gateway}/tenant/v1/events`;
        const streams = await Promise.all([
          listen(url, a.owner.token),
          listen(url, b.owner.token),
          listen(`${gateway}/dm/v1/events`, reviewer.token),
        ]);
        const [ofA, ofB, ofReviewer] = streams;
        await Promise.all(streams.map((stream) => stream.heard("event: hello")));
        const start = ofA.lastId();
        await toggle(b.owner.rest, b.refs.activity);
        await ofB.heard(b.refs.activity);
        const idOfB = ofB.lastId();
        await toggle(a.owner.rest, a.refs.activity);
        await Promise.all([ofA.heard(a.refs.activity), ofReviewer.heard(a.refs.activity)]);
        expect(found(ofA.text() + ofReviewer.text(), b.own)).toEqual([]);
        for (const lastEventId of [start, idOfB, String(Number(idOfB) - 1), "1"]) {
          const again = await listen(url, a.owner.token, lastEventId);
          await again.heard(a.refs.activity);
          expect(found(again.text(), b.own)).toEqual([]);
          again.stop();
        }
        for (const stream of streams) stream.stop();
      },
      TEST_MS,
    );
  });

  describe("an Idempotency-Key", () => {
    it("is its person's own: the same key of another tenant brings nothing of that tenant back", async () => {
      const { a, b, platform } = world();
      const ask = async (token: string) => {
        const response = await fetch(`${platform.addresses.gateway}/tenant/v1/knowledge/ask`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${token}`,
            "content-type": "application/json",
            "idempotency-key": "the-same-key-for-everybody",
          },
          body: JSON.stringify({ query: "How long does the dough rest?", limit: 50 }),
        });
        return { replayed: response.headers.has("idempotency-replayed"), text: await response.text() };
      };
      expect(found((await ask(b.owner.token)).text, [b.word])).toEqual([b.word]);
      expect(await ask(b.owner.token)).toMatchObject({ replayed: true });
      const answer = await ask(a.owner.token);
      expect(answer.replayed).toBe(false);
      expect(found(answer.text, [a.word, ...b.own])).toEqual([a.word]);
    });
  });

  describe("a reviewer", () => {
    it(
      "who is unassigned sees the tenant no more, at once",
      async () => {
        const { a, admin, stranger } = world();
        const assignment = `/admin/v1/tenants/${a.refs.tenant}/reviewers/${stranger.userRef}`;
        const look = () => stranger.rest.get(`/dm/v1/tenants/${a.refs.tenant}/plans/${a.refs.plan}`);
        expect(await refusal(look())).toMatchObject({ status: 404 });
        await admin.rest.put(assignment);
        await until("the assignment", TEST_MS, () =>
          look().catch((error: unknown) => {
            if (error instanceof RestError) return undefined;
            throw error;
          }),
        );
        const response = await fetch(`${world().platform.addresses.gateway}${assignment}`, {
          method: "DELETE",
          headers: { authorization: `Bearer ${admin.token}` },
        });
        expect(response.status).toBe(204);
        const started = performance.now();
        await until("the end of it", TEST_MS, () =>
          look().then(
            () => undefined,
            () => true,
          ),
        );
        const took = performance.now() - started;
        console.log(`unassigning a reviewer took effect after ${Math.round(took)} ms`);
        expect(took).toBeLessThan(UNASSIGNED_MS);
      },
      TEST_MS,
    );
  });
}

/** Puts the activity on hold and takes it back: two transitions that everybody concerned is told of. */
async function toggle(rest: Rest, activityRef: string): Promise<void> {
  const path = `/tenant/v1/activities/${activityRef}`;
  const { body } = await rest.get<{ activity: { version: number } }>(path);
  const held = await rest.post<{ version: number }>(`${path}/hold`, { version: body.activity.version });
  await rest.post(`${path}/resume`, { version: held.body.version });
}
