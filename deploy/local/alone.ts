import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { processExists } from "@leadmetrics/kit/backends";

const LOOK_MS = 200;

/** Does the work while no other process that names the same file does its own; waits for its turn, also behind one that dies. */
export async function alone<T>(file: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  while (!take(file)) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** A link is made in one step and only where there is none: the file says from the beginning whose it is. */
function take(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    if (link(own, file)) return true;
    const owner = ownerOf(file);
    if (owner === undefined || processExists(owner)) return false;
    // Its owner has died. Somebody else may have seen that too and taken it since: then it is given back.
    renameSync(file, own);
    if (ownerOf(own) !== owner) link(own, file);
    return false;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

function ownerOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;
