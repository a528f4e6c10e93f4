import { equals, toJsonString } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { isPublic, mayCall } from "./access.ts";
import { found, opened, said } from "./alike.ts";
import { type Answer, type CallOptions, callMethod } from "./call.ts";
import { type Method, methods, registry } from "./contract.ts";
import { fixtureGaps, fixtureOf } from "./fixtures.ts";
import { eachOf, Problems } from "./problems.ts";
import type { Refs } from "./refs.ts";
import { requestOf } from "./requests.ts";
import { type BadToken, badTokens } from "./tokens.ts";
import type { Caller, World } from "./world.ts";

const SUITE_MS = 300_000;
const REFUSED = ["permission_denied", "unauthenticated"];
/** What a caller who may is told when the thing's state doesn't allow it: it was found. */
const FOUND = ["ok", "failed_precondition", "aborted", "already_exists", "resource_exhausted"];
/** Differences that go away are things that happened in between. */
const LOOKS = 3;

type Options = CallOptions & { readonly password?: string };

/** Suite A over every RPC. */
export function methodsSuite(world: () => World): void {
  const call = (method: Method, refs: Refs, options: Options): Promise<Answer> => {
    const request = requestOf(method, refs, options.password);
    return callMethod(world().platform.url(method.process), method, request, options);
  };
  /** As a caller who acts in A; those who aren't of a tenant name it. */
  const inA = ({ kind, token, password }: Caller): Options => ({
    token,
    password,
    ...(kind === "tenant" ? {} : { tenant: world().a.refs.tenant }),
  });
  const named = (name: string): Caller => {
    const caller = world().callers.find((each) => each.name === name);
    if (!caller) throw new Error(`nobody is called ${name}`);
    return caller;
  };

  /** Callers whose answers are bound to a tenant. */
  function scoped(method: Method): Caller[] {
    if (isPublic(method)) return [];
    return world().callers.filter((caller) => {
      if (!mayCall(method, caller) || (caller.kind === "tenant" && caller.role !== "owner")) return false;
      return method.rule.tenantScoped || caller.kind === "tenant" || caller.kind === "reviewer";
    });
  }

  describe("every method of every contract", () => {
    it("has a fixture here, and every fixture has a method", () => {
      expect(fixtureGaps()).toEqual({ missing: [], gone: [] });
    });

    it(
      "lets in whom its contract names, and refuses everybody else",
      async () => {
        const problems = new Problems();
        await eachOf(methods, async (method) => {
          for (const caller of world().callers) {
            const may = mayCall(method, caller);
            if (may && fixtureOf(method.name)?.onCaller) continue;
            const { code, status } = await call(method, world().nobodys, inA(caller));
            const wanted = caller.kind === "nobody" ? "unauthenticated" : "permission_denied";
            const own = fixtureOf(method.name)?.own;
            const wrong = may ? REFUSED.includes(code) && code !== own : code !== wanted;
            problems.look(wrong && `${method.name} as ${caller.name}: ${status} ${code}`);
          }
        });
        problems.expectNone(methods.length * 15);
      },
      SUITE_MS,
    );

    it(
      "answers for another tenant's things as for things that don't exist, and shows nothing of that tenant",
      async () => {
        const problems = new Problems();
        const { a, b, nobodys, stranger } = world();
        await eachOf(methods, async (method) => {
          const unlooked = fixtureOf(method.name)?.unlooked;
          const compare = async (
            who: string,
            theirs: Options & { refs: Refs },
            nones: Options & { refs: Refs },
          ) => {
            const nothing = theirs.tenant === nones.tenant && unlooked;
            for (let look = 1; !nothing; look++) {
              const first = await call(method, theirs.refs, theirs);
              const second = await call(method, nones.refs, nones);
              const same = said(first) === said(second);
              if (!same && look < LOOKS) continue;
              // What a caller sends and gets back tells them nothing.
              const sent = toJsonString(method.desc.input, requestOf(method, theirs.refs), { registry });
              const shown = found(
                first.text,
                b.own.filter((word) => !sent.includes(word)),
              );
              problems.look(
                !same && `${method.name} as ${who} differs:\n${said(first)}\n--- and ---\n${said(second)}`,
              );
              problems.look(shown.length > 0 && `${method.name} as ${who} shows ${shown.join(", ")}`);
              break;
            }
          };
          // Elsewhere the header says nothing.
          const headed = method.rule.tenantScoped || readsOnly(method);
          const asked = !equals(method.desc.input, requestOf(method, b.refs), requestOf(method, nobodys));
          for (const caller of scoped(method)) {
            const at = inA(caller);
            if (asked) await compare(caller.name, { ...at, refs: b.refs }, { ...at, refs: nobodys });
            if (caller.kind === "super_admin" || caller.kind === "service") continue;
            if (!headed) continue;
            const { token, password } = caller;
            await compare(
              `${caller.name}, naming the tenant`,
              { token, password, tenant: b.refs.tenant, refs: b.refs },
              { token, password, tenant: nobodys.tenant, refs: nobodys },
            );
          }
          if (!headed || isPublic(method) || !mayCall(method, named("the reviewer"))) return;
          const { token } = stranger;
          await compare(
            "a reviewer of nobody",
            { token, tenant: a.refs.tenant, refs: a.refs },
            { token, tenant: nobodys.tenant, refs: nobodys },
          );
        });
        problems.expectNone(methods.length);
      },
      SUITE_MS,
    );

    it(
      "lists and shows a caller nothing of another tenant",
      async () => {
        const problems = new Problems();
        const { a, b } = world();
        const reads = methods.filter((method) => readsOnly(method) && !isPublic(method));
        await eachOf(reads, async (method) => {
          for (const caller of scoped(method)) {
            const answer = await call(method, a.refs, inA(caller));
            const shown = found(answer.text, b.own);
            problems.look(shown.length > 0 && `${method.name} as ${caller.name} shows ${shown.join(", ")}`);
          }
        });
        problems.expectNone(reads.length);
      },
      SUITE_MS,
    );

    it(
      "takes no token but a valid one, and says what is wrong with it",
      async () => {
        const bad = await badTokens(world());
        const problems = new Problems();
        await eachOf(
          methods.filter((method) => !isPublic(method)),
          async (method) => {
            for (const each of bad) {
              const answer = await call(method, world().a.refs, { token: each.token });
              problems.look(
                wrongRefusal(answer, each) &&
                  `${method.name} with a token ${each.what}: ${answer.status} ${opened(answer.text)}`,
              );
            }
          },
        );
        problems.expectNone(800);
      },
      SUITE_MS,
    );

    it(
      "works for the rightful caller with their own things",
      async () => {
        const problems = new Problems();
        const later = (method: Method) => (fixtureOf(method.name)?.last ? 1 : 0);
        for (const method of [...methods].sort((one, other) => later(one) - later(other))) {
          const caller = world().callers.find((each) => mayCall(method, each));
          if (!caller) throw new Error(`nobody may call ${method.name}`);
          const answer = await call(method, world().a.refs, inA(caller));
          const { own } = fixtureOf(method.name) ?? {};
          // Too many wrong codes count against the right password too.
          const right = own ? [own, "resource_exhausted"].includes(answer.code) : FOUND.includes(answer.code);
          problems.look(
            !right && `${method.name} as ${caller.name}: ${answer.status} ${opened(answer.text)}`,
          );
        }
        problems.expectNone(methods.length);
      },
      SUITE_MS,
    );
  });
}

const readsOnly = ({ desc }: Method): boolean =>
  desc.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;

function wrongRefusal(answer: Answer, { reason }: BadToken): boolean {
  return answer.code !== "unauthenticated" || !opened(answer.text).includes(reason.toUpperCase());
}
