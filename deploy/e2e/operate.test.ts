import { afterAll, beforeAll } from "vitest";
import { backupSuite } from "./operate/backup.ts";
import { deletionSuite } from "./operate/deletion.ts";
import { buildWorld, endWorld, type World } from "./operate/world.ts";

let world: World | undefined;
const given = (): World => {
  if (!world) throw new Error("the platform did not start");
  return world;
};

beforeAll(async () => {
  world = await buildWorld();
}, 240_000);
afterAll(() => endWorld(world), 60_000);

deletionSuite(given);
backupSuite(given);
