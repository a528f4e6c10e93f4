import { describe, expect, it } from "vitest";
import { isLocal, lineOf, type PlatformLlm, setupAt, setupOf } from "./setup.ts";

const platform: PlatformLlm = { paceMs: 0, providers: { claude: { apiKey: "platform-key" }, openai: {} } };
const none: PlatformLlm = { paceMs: 0, providers: {} };
const setup = (result: ReturnType<typeof setupOf>) => {
  if (!result.ok) throw new Error(result.problem);
  return result.setup;
};

describe("which adapter a run uses", () => {
  it("is the platform's with a key, else offline", () => {
    expect(setup(setupOf(undefined, platform, false)).adapter).toBe("claude");
    expect(setup(setupOf(undefined, none, false)).adapter).toBe("offline");
  });

  it("is the tenant's own choice, with the platform's key where it brings none", () => {
    const chosen = { adapter: "claude", model: "claude-opus-5-5", baseUrl: "", apiKey: undefined } as const;
    expect(setup(setupOf(chosen, platform, false))).toMatchObject({
      model: "claude-opus-5-5",
      settings: { apiKey: "platform-key" },
    });
  });

  it("never sends the platform's key to an address that a tenant's setting names", () => {
    const chosen = {
      adapter: "claude",
      model: "",
      baseUrl: "https://proxy.example",
      apiKey: undefined,
    } as const;
    expect(setup(setupOf(chosen, platform, false)).settings.apiKey).toBeUndefined();
  });

  it("is a local one for tenants whose data must not leave the platform", () => {
    expect(setup(setupOf(undefined, platform, true)).adapter).toBe("offline");
    const cloud = { adapter: "openai", model: "", baseUrl: "", apiKey: "k" } as const;
    expect(setupOf(cloud, platform, true)).toMatchObject({ ok: false });
    const own = { ...cloud, baseUrl: "http://vllm.models.svc:8000/v1" };
    expect(setupOf(own, platform, true)).toMatchObject({ ok: true });
  });

  it.each([
    ["http://127.0.0.1:11434/v1", true],
    ["http://10.2.3.4/v1", true],
    ["http://ollama:11434/v1", true],
    ["https://api.openai.com/v1", false],
    ["http://10.evil.example/v1", false],
    ["http://172.32.0.1/v1", false],
  ])("%s counts as local: %s", (url, local) => {
    expect(isLocal("openai", url)).toBe(local);
  });
});

describe("what a run goes on with", () => {
  const both: PlatformLlm = { paceMs: 0, providers: { claude: { apiKey: "c" }, openai: { apiKey: "o" } } };
  const line = (...args: Parameters<typeof lineOf>) => {
    const found = lineOf(...args);
    if (!found.ok) throw new Error(found.problem);
    return found.setups;
  };
  const names = (...args: Parameters<typeof lineOf>) =>
    line(...args).map(({ adapter, model }) => `${adapter} ${model}`);
  const steps = [
    { adapter: "openai", model: "gpt-6-luna" },
    { adapter: "offline", model: "" },
  ] as const;

  it("is tried in the order in which it was written, each once", () => {
    const again = { adapter: "claude", model: "" } as const;
    expect(names(undefined, [again, ...steps, steps[0]], both, false)).toEqual([
      "claude claude-sonnet-5-5",
      "openai gpt-6-luna",
      "offline offline-1",
    ]);
  });

  it("never takes a local tenant's data elsewhere, whoever wrote it down", () => {
    const chosen = {
      adapter: "openai",
      model: "m",
      baseUrl: "http://ollama:11434/v1",
      apiKey: undefined,
    } as const;
    const cloud = [{ adapter: "claude", model: "" }, ...steps] as const;
    expect(names(chosen, cloud, both, true)).toEqual(["openai m", "openai gpt-6-luna", "offline offline-1"]);
    expect(names(undefined, cloud, both, true)).toEqual(["offline offline-1"]);
    for (const setup of line(chosen, cloud, both, true)) {
      expect(isLocal(setup.adapter, setup.settings.baseUrl)).toBe(true);
    }
  });

  it("has the tenant's credentials where it chose the same adapter, else the platform's", () => {
    const chosen = { adapter: "claude", model: "claude-opus-5-5", baseUrl: "", apiKey: "own" } as const;
    const [, mini, other] = line(
      chosen,
      [{ adapter: "claude", model: "claude-haiku-5-5" }, steps[0]],
      both,
      false,
    );
    expect([mini?.settings.apiKey, other?.settings.apiKey]).toEqual(["own", "o"]);
  });

  it("is the last one when there are fewer than there were", () => {
    expect(setupAt(line(undefined, [steps[1]], both, false), 5).adapter).toBe("offline");
  });
});
