import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./helm.ts";

/** What the Dockerfile says about one target. */
export interface Target {
  readonly name: string;
  /** Arguments of assemble.ts after the folder; undefined for portals, which Next builds. */
  readonly assemble: readonly string[] | undefined;
  readonly workdir: string;
  readonly command: readonly string[];
  readonly defaultArgs: readonly string[];
}

const DOCKERFILE = join(ROOT, "deploy/images/Dockerfile");

export function dockerfile(): string {
  return readFileSync(DOCKERFILE, "utf8");
}

/** Every target that something runs, by its name. */
export function targets(): ReadonlyMap<string, Target> {
  const stages = new Map(
    dockerfile()
      .split(/^FROM /m)
      .slice(1)
      .map((text) => {
        const [, base = "", name = ""] = /^(\S+) AS (\S+)/.exec(text) ?? [];
        return [name, { name, base, text }] as const;
      }),
  );
  const found = [...stages.values()].filter(
    ({ base, name }) => ["service", "runtime"].includes(base) && name !== "service",
  );
  return new Map(
    found.map(({ name, base, text }) => {
      const inherited = stages.get(base)?.text ?? "";
      const list = (word: string): string[] => {
        const written = new RegExp(`^${word} (\\[.*\\])$`, "m");
        const [, json = "[]"] = written.exec(text) ?? written.exec(inherited) ?? [];
        return JSON.parse(json) as string[];
      };
      const assembled = /assemble\.ts \/out (.*)$/m.exec(stages.get(`${name}-files`)?.text ?? "")?.[1];
      return [
        name,
        {
          name,
          assemble: assembled?.split(" "),
          workdir: /^WORKDIR \/app\/(.*)$/m.exec(text)?.[1] ?? "",
          command: list("ENTRYPOINT"),
          defaultArgs: list("CMD"),
        },
      ];
    }),
  );
}

/** Something that runs a target with an environment: out of an assembled folder, or in a container. */
export interface Runner {
  readonly how: string;
  /** Why it can't run here. */
  readonly missing: string | undefined;
  prepare(target: Target): void;
  start(target: Target, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess;
}

/** The steps of the Dockerfile by hand: the assembled folder, outside of the repository, with nothing else. */
export function folderRunner(folder: string): Runner {
  return {
    how: "an assembled folder",
    missing: spawnSync("pnpm", ["--version"]).status === 0 ? undefined : "pnpm is not on the PATH",
    prepare(target) {
      execFileSync(
        process.execPath,
        [join(ROOT, "deploy/images/assemble.ts"), join(folder, target.name), ...(target.assemble ?? [])],
        { stdio: "pipe" },
      );
    },
    start(target, args, env) {
      const [, ...options] = target.command;
      return spawn(process.execPath, [...options, ...(args.length > 0 ? args : target.defaultArgs)], {
        cwd: join(folder, target.name, target.workdir),
        env: { ...env, PATH: process.env.PATH },
        stdio: ["ignore", "pipe", "pipe"],
      });
    },
  };
}

/** The built images, as the chart would run them: nobody, a read-only disk, no capabilities. */
export function containerRunner(tag: string): Runner {
  const missing = noEngine() ?? noImages(tag);
  return {
    how: "a container",
    missing,
    prepare() {},
    start(target, args, env) {
      return spawn(
        "docker",
        [
          ...["run", "--rm", "--network", "host", "--read-only", "--tmpfs", "/tmp", "--user", "10001:10001"],
          ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--memory", "512m"],
          ...Object.keys(env).flatMap((name) => ["--env", name]),
          imageOf(target.name, tag),
          ...args,
        ],
        { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
      );
    },
  };
}

export const imageOf = (target: string, tag: string): string => `leadmetrics/${target}:${tag}`;

export function noEngine(): string | undefined {
  const { status, error } = spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], {
    stdio: "pipe",
  });
  if (status === 0) return undefined;
  return error
    ? "there is no docker on the PATH"
    : "no container engine answers (DOCKER_HOST names another one)";
}

function noImages(tag: string): string | undefined {
  const wanted = ["identity", "gateway", "migrations", "lm"];
  const absent = wanted.filter(
    (name) => spawnSync("docker", ["image", "inspect", imageOf(name, tag)]).status !== 0,
  );
  return absent.length > 0 ? `not built: ${absent.map((name) => imageOf(name, tag)).join(", ")}` : undefined;
}
