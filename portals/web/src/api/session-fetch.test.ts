import { describe, expect, it, vi } from "vitest";
import { createSessionFetch } from "./session-fetch.ts";

const at = (path: string, init?: RequestInit) => new Request(`http://portal.test/api/${path}`, init);

function wire(refreshStatus: number | "offline") {
  let fresh = false;
  let refreshes = 0;
  const bodies: string[] = [];
  const fetch = async (request: Request) => {
    if (request.url.endsWith("/refresh")) {
      refreshes++;
      await new Promise((done) => setTimeout(done, 5));
      if (refreshStatus === "offline") throw new TypeError("fetch failed");
      fresh = refreshStatus === 200;
      return new Response("{}", { status: refreshStatus });
    }
    bodies.push(await request.text());
    return new Response("{}", { status: fresh ? 200 : 401 });
  };
  return { fetch, bodies, refreshes: () => refreshes };
}

describe("a call after the session's access token ended", () => {
  it("renews once for all and sends each again with its body", async () => {
    const { fetch, refreshes, bodies } = wire(200);
    const call = createSessionFetch({ fetch, onEnded: vi.fn() });
    const answers = await Promise.all(
      ["a", "b"].map((body) => call(at("tenant/v1/x", { method: "POST", body }))),
    );
    expect(answers.map((one) => one.status)).toEqual([200, 200]);
    expect(refreshes()).toBe(1);
    expect(bodies.sort()).toEqual(["a", "a", "b", "b"]);
  });
  it("ends the session when the gateway says so", async () => {
    const onEnded = vi.fn();
    await createSessionFetch({ fetch: wire(401).fetch, onEnded })(at("tenant/v1/x"));
    expect(onEnded).toHaveBeenCalledTimes(1);
  });
  it("R-07: never signs out because of an outage", async () => {
    const onEnded = vi.fn();
    for (const outage of [503, 429, "offline"] as const) {
      await createSessionFetch({ fetch: wire(outage).fetch, onEnded })(at("tenant/v1/x"));
    }
    expect(onEnded).not.toHaveBeenCalled();
  });
  it("is renewed for one's own security too, but a wrong code at the sign-in is just wrong", async () => {
    const renewing = wire(200);
    const onEnded = vi.fn();
    const call = createSessionFetch({ fetch: renewing.fetch, onEnded });
    expect((await call(at("auth/v1/sessions"))).status).toBe(200);
    expect(renewing.refreshes()).toBe(1);
    const strange = wire(401);
    const signIn = createSessionFetch({ fetch: strange.fetch, onEnded });
    for (const path of ["login", "login/code", "passkeys/sign-in", "passkeys/sign-in/options"])
      expect((await signIn(at(`auth/v1/${path}`, { method: "POST", body: "{}" }))).status).toBe(401);
    expect(strange.refreshes()).toBe(0);
    expect(onEnded).not.toHaveBeenCalled();
  });
});
