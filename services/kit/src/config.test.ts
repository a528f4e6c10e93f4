import { describe, expect, it } from "vitest";
import { z } from "zod";
import { baseConfig, DEVELOPMENT_MARK, loadConfig } from "./config.ts";
import { withoutSecrets } from "./log.ts";

const shape = {
  PORT: baseConfig.RPC_PORT,
  SERVICE_SECRET: baseConfig.SERVICE_SECRET,
  DATABASE_URL: baseConfig.DATABASE_URL,
  RETRIES: z.coerce.number().int().max(5, "must be at most 5").default(2),
};
const good = {
  PORT: "4120",
  SERVICE_SECRET: "a-secret-of-this-test",
  DATABASE_URL: "postgres://content_app:pw@db/content",
};

describe("the configuration", () => {
  it("is read once and can't be changed", () => {
    const config = loadConfig(shape, good);
    expect(config).toMatchObject({ PORT: 4120, RETRIES: 2 });
    expect(() => Object.assign(config, { PORT: 1 })).toThrow(TypeError);
  });

  it("names every variable that is missing or wrong, and what it is for", () => {
    const load = () =>
      loadConfig(shape, { ...good, SERVICE_SECRET: undefined, DATABASE_URL: "", RETRIES: "9" });
    expect(load).toThrow(/SERVICE_SECRET: is not set/);
    expect(load).toThrow(/DATABASE_URL: is not set \(role <service>_app\)/);
    expect(load).toThrow(/RETRIES: must be at most 5/);
  });

  it("keeps its secrets out of the log", () => {
    loadConfig(shape, good);
    expect(withoutSecrets(`token ${good.SERVICE_SECRET} was refused`)).toBe("token [hidden] was refused");
  });

  it("refuses development secrets in production", () => {
    const env = { ...good, SERVICE_SECRET: `${DEVELOPMENT_MARK}-content`, NODE_ENV: "production" };
    expect(() => loadConfig(shape, env)).toThrow("SERVICE_SECRET is a development secret");
    expect(loadConfig(shape, { ...env, NODE_ENV: "development" }).PORT).toBe(4120);
  });
});
