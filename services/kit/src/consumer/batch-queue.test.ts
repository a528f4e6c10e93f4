import { expect, it } from "vitest";
import { BatchQueue } from "./batch-queue.ts";

/** A queue whose batches end when they are told to. */
function queueOf(limit: number, batch: number) {
  const batches: string[][] = [];
  const ends: (() => void)[] = [];
  const queue = new BatchQueue<string>(limit, batch, (items) => {
    batches.push([...items]);
    return new Promise((resolve) => ends.push(resolve));
  });
  const add = (...items: string[]) => {
    for (const item of items) queue.add(item.slice(0, 1), item);
  };
  const tick = () => new Promise((resolve) => setImmediate(resolve));
  return { queue, batches, ends, add, tick };
}

it("takes what waits together, a key's items side by side and in order", async () => {
  const { batches, add, tick } = queueOf(2, 10);
  add("a1", "b1", "a2", "c1", "b2");
  await tick();
  expect(batches).toEqual([["a1", "a2", "b1", "b2", "c1"]]);
});

it("has a key in one batch at a time", async () => {
  const { batches, ends, add, tick } = queueOf(2, 10);
  add("a1");
  await tick();
  add("a2", "b1", "a3");
  await tick();
  expect(batches).toEqual([["a1"], ["b1"]]);
  ends[0]?.();
  await tick();
  expect(batches).toEqual([["a1"], ["b1"], ["a2", "a3"]]);
});

it("gives every key its turn, however much one has waiting", async () => {
  const { batches, ends, add, tick } = queueOf(1, 2);
  add("a1", "a2", "a3", "a4", "a5", "b1", "c1");
  await tick();
  ends[0]?.();
  await tick();
  ends[1]?.();
  await tick();
  expect(batches).toEqual([
    ["a1", "a2"],
    ["b1", "c1"],
    ["a3", "a4"],
  ]);
});

it("says how much has not ended, and when all has", async () => {
  const { queue, ends, add, tick } = queueOf(1, 2);
  add("a1", "b1", "c1");
  expect(queue.size).toBe(3);
  await tick();
  ends[0]?.();
  await queue.nextEnd();
  expect(queue.size).toBe(1);
  await tick();
  ends[1]?.();
  await queue.drained();
  expect(queue.size).toBe(0);
});
