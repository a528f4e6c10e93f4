import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { until } from "../company.ts";
import { mayCall } from "./access.ts";
import { opened } from "./alike.ts";
import { callMethod, callMethodRaw } from "./call.ts";
import { type Method, methodNamed, methods } from "./contract.ts";
import { eachOf, Problems } from "./problems.ts";
import { requestOf } from "./requests.ts";
import type { Caller, World } from "./world.ts";

const SUITE_MS = 300_000;
const TOLD_MS = 60_000;
const REASON = "to see that nothing can be changed";

const answerShape = z.object({ tokens: z.object({ accessToken: z.string() }) });

interface AuditEntry {
  readonly action: string;
  readonly summary: string;
  readonly actor: { readonly id: string } | null;
}

const reads = ({ desc, rule }: Method): boolean =>
  desc.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS || rule.impersonated;

/** What a super admin in a client's place can do, over every RPC: a new method is refused to them by itself. */
export function impersonatedSuite(world: () => World): void {
  describe("a super admin in the place of a company's owner", () => {
    it("may change the client's data through no method of any contract", () => {
      expect(methods.filter(({ rule }) => rule.impersonated).map(({ name }) => name)).toEqual([
        "AuthService.Logout",
      ]);
    });

    it(
      "reads what the owner reads, is refused everything else by name, and stands in the trail with the reason",
      async () => {
        const { platform, a, admin } = world();
        const { body } = await admin.rest.post<{ url: string }>("/admin/v1/impersonations", {
          tenantRef: a.refs.tenant,
          userRef: a.owner.userRef,
          reason: REASON,
        });
        const open = methodNamed("ImpersonationService.OpenImpersonation");
        const ticket = JSON.stringify({ ticket: body.url.split("#ticket=")[1] });
        const taken = await callMethodRaw(platform.url(open.process), open, ticket);
        const token = answerShape.parse(JSON.parse(taken.text)).tokens.accessToken;
        const owner: Caller = { name: "the owner", kind: "tenant", role: "owner", token };

        const problems = new Problems();
        let refused = 0;
        await eachOf(methods, async (method) => {
          const url = platform.url(method.process);
          const answer = await callMethod(url, method, requestOf(method, a.refs), { token });
          const named = opened(answer.text).includes("IMPERSONATED");
          if (named) refused += 1;
          const wrong = reads(method)
            ? named || (mayCall(method, owner) && answer.code === "permission_denied")
            : !named || answer.code !== "permission_denied";
          problems.look(wrong && `${method.name}: ${answer.status} ${opened(answer.text)}`);
        });
        problems.expectNone(methods.length);

        const told = await until("every refusal in the trail", TOLD_MS, async () => {
          const entries: AuditEntry[] = [];
          for (let page = ""; ; ) {
            const { body: list } = await admin.rest.get<{
              items: AuditEntry[];
              nextPageToken: string | null;
            }>(`/admin/v1/tenants/${a.refs.tenant}/audit?pageSize=200${page && `&pageToken=${page}`}`);
            entries.push(...list.items.filter(({ action }) => action.endsWith(".call.refused")));
            page = list.nextPageToken ?? "";
            if (!page) break;
          }
          return entries.length >= refused ? entries : undefined;
        });
        expect(told).toHaveLength(refused);
        expect(
          told.every(({ summary, actor }) => summary.endsWith(`: ${REASON}`) && actor?.id === admin.userRef),
        ).toBe(true);
      },
      SUITE_MS,
    );
  });
}
