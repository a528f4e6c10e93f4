import { SERVICE_CLIENTS, SERVICES } from "@leadmetrics/local/system";
import { describe, expect, it } from "vitest";
import { sandboxUser } from "../../local/demo/main-job.ts";
import { callRoute } from "./call.ts";
import { SINKS } from "./sinks.ts";
import type { World } from "./world.ts";

const TEST_MS = 60_000;
/** Stands in a comment, coded, so that a search that can't decode is noticed. */
const PLANTED = "a canary that sings on purpose";
const API_KEY = "sk-ant-canary-7f3e19c2d4b84ac6";
const MISPLACED = "canary-typed-into-the-wrong-field-5521";

/** A secret as it may have been written down. */
function spellings(secret: string): string[] {
  const coded = (["base64", "base64url"] as const).flatMap((encoding) =>
    // Base64 of a text depends on where it begins; the characters at its ends also on its neighbours.
    [0, 1, 2].map((shift) =>
      Buffer.from(" ".repeat(shift) + secret)
        .toString(encoding)
        .slice(shift ? shift + 1 : 0, -4),
    ),
  );
  const hex = Buffer.from(secret).toString("hex");
  return [...new Set([secret, encodeURIComponent(secret), secret.replaceAll(" ", ""), hex, ...coded])].filter(
    (spelling) => spelling.length >= 12,
  );
}

/** Suite C: what is known to be secret, looked for in everything that was written down. Call it before and after the rest. */
export function canarySuite(world: () => World): { plant(): void; search(): void } {
  const secrets = (): Record<string, string> => {
    const { a, b, reviewer, secrets: file } = world();
    const made = [...SERVICE_CLIENTS].map((name): [string, string] => [
      `the secret of ${name}`,
      file.secret(`service.${name}`),
    ]);
    const keys = SERVICES.map((name): [string, string] => [
      `the encryption key of ${name}`,
      file.encryptionKey(`encryption.${name}`).split(":")[1] ?? "",
    ]);
    const doors = SERVICES.flatMap((name): [string, string][] => [
      [`the broker password of ${name}`, file.secret(`broker.${name}`)],
      [`the database password of ${name}`, file.secret(`database.${name}.app`)],
    ]);
    return {
      "the owner's password": a.owner.password,
      "another owner's password": b.owner.password,
      "a reviewer's password": reviewer.password,
      "a refresh token": a.owner.refreshToken,
      "a reviewer's refresh token": reviewer.refreshToken,
      "the signature of an access token": a.owner.token.split(".")[2] ?? "",
      "the channel's application password": sandboxUser.applicationPassword,
      "an adapter's API key": API_KEY,
      "a password in a wrong field": MISPLACED,
      ...Object.fromEntries([...made, ...keys, ...doors]),
    };
  };

  return {
    plant() {
      it(
        "secrets are put in everywhere a person can, also where they don't belong",
        async () => {
          const { a, admin, platform } = world();
          const { gateway } = platform.addresses;
          await admin.rest.put(`/admin/v1/tenants/${a.refs.tenant}/configs`, {
            role: "social-post-writer",
            adapter: "claude",
            model: "claude-sonnet-5-5",
            apiKey: API_KEY,
          });
          await admin.rest.post(`/admin/v1/tenants/${a.refs.tenant}/configs/social-post-writer/test`);
          const comments = `/tenant/v1/activities/${a.refs.activity}/comments`;
          await a.owner.rest.post(comments, { text: `Hm: ${Buffer.from(PLANTED).toString("base64")}` });
          await a.owner.rest.post(comments, { text: `Hm: ${encodeURIComponent(PLANTED)}` });
          const wrong = (path: string, body: object, token?: string) =>
            callRoute(
              gateway + path,
              { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
              token,
            );
          const { email, password } = a.owner;
          const answers = [
            await wrong("/auth/v1/login", { email, password: MISPLACED, portal: "dashboard" }),
            await wrong("/auth/v1/login", { email, password, portal: MISPLACED }),
            await wrong("/auth/v1/login", { email, passwort: MISPLACED }),
            await wrong("/auth/v1/refresh", { refreshToken: MISPLACED }),
            await wrong(
              "/auth/v1/password",
              { currentPassword: MISPLACED, newPassword: "short" },
              a.owner.token,
            ),
            await wrong(
              "/tenant/v1/channels",
              {
                kind: "wordpress",
                siteUrl: platform.addresses.sandboxSite,
                username: "editor",
                applicationPassword: MISPLACED,
              },
              a.owner.token,
            ),
            await wrong(
              "/tenant/v1/plans",
              { title: { secret: MISPLACED }, start: MISPLACED },
              a.owner.token,
            ),
            await wrong("/tenant/v1/plans", {}, `${a.owner.token}x`),
          ];
          expect(answers.every(({ status }) => status >= 400 && status < 500)).toBe(true);
        },
        TEST_MS,
      );
    },

    search() {
      describe("what the platform wrote down", () => {
        for (const [name, read] of Object.entries(SINKS)) {
          it(
            `holds no secret in its ${name}`,
            async () => {
              const wanted = Object.entries(secrets()).map(([what, secret]) => ({
                what,
                all: spellings(secret),
              }));
              const found = new Set<string>();
              let pieces = 0;
              for await (const { where, text } of read(world().platform)) {
                pieces += 1;
                for (const { what, all } of wanted)
                  if (all.some((spelling) => text.includes(spelling))) found.add(`${what} in ${where}`);
              }
              expect([...found]).toEqual([]);
              expect(pieces).toBeGreaterThan(10);
            },
            TEST_MS,
          );
        }

        it(
          "is read whole: what was planted on purpose is found, coded too",
          async () => {
            const { a, platform } = world();
            const sought: Record<string, string> = {
              "logs and traces": "AuthService/Login",
              "streams and buckets": a.word,
              databases: PLANTED,
              mails: a.owner.email,
              "error answers": "token_invalid",
            };
            for (const [name, secret] of Object.entries(sought)) {
              const all = new Set(spellings(secret).concat(secret));
              const seen = new Set<string>();
              for await (const { text } of SINKS[name]?.(platform) ?? [])
                for (const spelling of all) if (text.includes(spelling)) seen.add(spelling);
              expect(seen.size, name).toBeGreaterThanOrEqual(secret === PLANTED ? 2 : 1);
            }
          },
          TEST_MS,
        );
      });
    },
  };
}
