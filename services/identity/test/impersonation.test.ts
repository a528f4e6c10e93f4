import { fromBinary } from "@bufbuild/protobuf";
import { fromRef, type Id, Rights, toRef } from "@leadmetrics/kit";
import {
  ImpersonationEndedSchema,
  ImpersonationStartedSchema,
} from "@leadmetrics/proto/identity/events/v1/events";
import { App, AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { ImpersonationService } from "@leadmetrics/proto/identity/v1/impersonation";
import { SecondFactorService } from "@leadmetrics/proto/identity/v1/security";
import { UsersService } from "@leadmetrics/proto/identity/v1/users";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SessionEnder } from "../src/auth/sessions.ts";
import { sweepImpersonations } from "../src/impersonation/sweep.ts";
import { type IdentityTest, password, payloadOf, reasonOf, startIdentity } from "./fixture.ts";

const HALF_AN_HOUR_S = 30 * 60;
const reason = "The owner asked why a plan is missing";
const clara = "clara@bakery.example";
const root = "root@bakery.example";

let identity: IdentityTest;
let adminToken: string;
let userRef: string;

beforeAll(async () => {
  identity = await startIdentity();
  userRef = toRef((await identity.signedUp(clara)) as Id);
  await identity.signedUp(root);
  await identity.t.db.global((tx) =>
    tx
      .updateTable("user_account")
      .set({ platform_role: "super_admin", name: "Root" })
      .where("email", "=", root)
      .execute(),
  );
  const { tokens } = await identity.client(AuthService).login({ email: root, password, app: App.MANAGE });
  adminToken = tokens?.accessToken ?? "";
});
afterAll(() => identity?.close());

const admin = () => identity.client(ImpersonationService, adminToken);
const anyone = () => identity.client(ImpersonationService);
const ticketOf = (url: string) => url.split("#ticket=")[1] ?? "";

async function opened() {
  const started = await admin().startImpersonation({ userRef, reason });
  const { tokens } = await anyone().openImpersonation({ ticket: ticketOf(started.url) });
  return {
    ref: started.impersonation?.ref ?? "",
    access: tokens?.accessToken ?? "",
    refresh: tokens?.refreshToken ?? "",
  };
}

/** What the company's trail is made of, oldest first. */
async function told() {
  const { rows } = await identity.t.db.withSystem("test", (tx) =>
    sql<{ event_type: string; payload: Uint8Array; actor: string }>`
      select event_type, payload, headers->>'lm-actor' as actor from kit.outbox
      where tenant_id = ${fromRef(identity.tenantRef)} order by seq`.execute(tx),
  );
  return rows;
}

describe("looking at the dashboard in a client's place", () => {
  it("is started by a super admin alone, with a reason, for a client", async () => {
    const { accessToken } = await identity.signedIn(clara);
    const own = identity.client(ImpersonationService, accessToken);
    expect(await reasonOf(own.startImpersonation({ userRef, reason }))).toBe("forbidden");
    expect(await reasonOf(admin().startImpersonation({ userRef, reason: "curious" }))).toBe(
      "invalid_argument",
    );
    expect(await reasonOf(admin().startImpersonation({ reason }))).toBe("invalid_argument");
    const { id } = await identity.t.db.global((tx) =>
      tx.selectFrom("user_account").select("id").where("email", "=", root).executeTakeFirstOrThrow(),
    );
    const self = admin().startImpersonation({ userRef: toRef(id as Id), reason });
    expect(await reasonOf(self)).toBe("not_a_client");
  });

  it("takes an owner of the company when only that is named", async () => {
    const { impersonation } = await admin().startImpersonation({ tenantRef: identity.tenantRef, reason });
    expect(impersonation).toMatchObject({
      userRef,
      tenantRef: identity.tenantRef,
      adminName: "Root",
      reason,
    });
  });

  it("opens with its ticket once, and the ticket is kept as a hash only", async () => {
    const { url } = await admin().startImpersonation({ userRef, reason });
    const ticket = ticketOf(url);
    const rows = await identity.t.db.global((tx) => tx.selectFrom("impersonation").selectAll().execute());
    expect(JSON.stringify(rows)).not.toContain(ticket);
    const both = await Promise.allSettled([
      anyone().openImpersonation({ ticket }),
      anyone().openImpersonation({ ticket }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await reasonOf(anyone().openImpersonation({ ticket }))).toBe("ticket_over");
  });

  it("doesn't open after a minute", async () => {
    const { url, impersonation } = await admin().startImpersonation({ userRef, reason });
    await identity.t.db.global((tx) =>
      tx
        .updateTable("impersonation")
        .set({ ticket_expires_on: new Date() })
        .where("id", "=", fromRef(impersonation?.ref ?? ""))
        .execute(),
    );
    expect(await reasonOf(anyone().openImpersonation({ ticket: ticketOf(url) }))).toBe("ticket_over");
  });

  it("says in its token who really acts, and never lasts longer than half an hour, however often it is refreshed", async () => {
    const { access, refresh, ref } = await opened();
    const { impersonation } = await identity.client(AuthService, access).getMe({});
    expect(impersonation).toMatchObject({ ref, adminName: "Root", reason });
    expect(payloadOf(access)).toMatchObject({ sub: userRef, act: { name: "Root", reason } });
    const end = Number(impersonation?.expiresOn?.seconds);
    expect(end - Number(impersonation?.startedOn?.seconds)).toBe(HALF_AN_HOUR_S);
    const { tokens } = await identity.client(AuthService).refresh({ refreshToken: refresh });
    expect(Number(tokens?.refreshExpiresOn?.seconds)).toBe(end);
    expect(Number(tokens?.accessExpiresOn?.seconds)).toBeLessThanOrEqual(end);
    expect(payloadOf(tokens?.accessToken ?? "")).toMatchObject({ act: { reason } });
  });

  it("changes nothing: what was tried is refused and told to the company, with who it was and why", async () => {
    const { access } = await opened();
    const security = identity.client(SecondFactorService, access);
    expect((await security.getSecondFactor({})).totpOn).toBe(false);
    expect(await reasonOf(security.startTotp({ password }))).toBe("impersonated");
    const auth = identity.client(AuthService, access);
    expect(await reasonOf(auth.changePassword({ currentPassword: password, newPassword: password }))).toBe(
      "impersonated",
    );
    const refused = (await told()).filter(({ event_type }) => event_type === AuditRecordedSchema.typeName);
    expect(refused.map(({ payload }) => fromBinary(AuditRecordedSchema, payload))).toMatchObject([
      {
        action: "identity.call.refused",
        reason,
        summary: expect.stringContaining("SecondFactorService.StartTotp was refused to Root"),
      },
      { action: "identity.call.refused", reason },
    ]);
    const { sub } = payloadOf(adminToken);
    expect(refused.map(({ actor }) => actor)).toEqual([`user:${String(sub)}`, `user:${String(sub)}`]);
  });

  it("ends with a sign-out, in the manage portal, by the client, and with the admin's own sessions", async () => {
    const { accessToken } = await identity.signedIn(clara);
    const own = identity.client(AuthService, accessToken);
    const mine = async () => (await own.listSessions({})).sessions.filter((one) => one.impersonated);
    const ends: Record<string, (it: Awaited<ReturnType<typeof opened>>) => Promise<unknown>> = {
      "ended by the one who looked": ({ refresh }) =>
        identity.client(AuthService).logout({ refreshToken: refresh }),
      "ended in the manage portal": ({ ref }) => admin().endImpersonation({ impersonationRef: ref }),
      "ended by the person themselves": async () =>
        own.revokeSession({ sessionRef: (await mine())[0]?.ref ?? "" }),
      "ended by admin": () =>
        identity
          .client(UsersService, adminToken)
          .endUserSessions({ userRef: String(payloadOf(adminToken).sub), reason: "lost the laptop" }),
    };
    await identity.client(AuthService, accessToken).revokeOtherSessions({});
    for (const [cause, end] of Object.entries(ends)) {
      const it = await opened();
      expect(await mine()).toMatchObject([{ ip: "", userAgent: "" }]);
      await end(it);
      expect(await mine()).toEqual([]);
      expect(await reasonOf(identity.client(AuthService, it.access).getMe({})), cause).toBe(
        "session_revoked",
      );
      expect(await reasonOf(identity.client(AuthService).refresh({ refreshToken: it.refresh }))).toBe(
        "session_ended",
      );
      const ended = (await told()).filter(
        ({ event_type }) => event_type === ImpersonationEndedSchema.typeName,
      );
      expect(fromBinary(ImpersonationEndedSchema, ended.at(-1)?.payload ?? new Uint8Array())).toMatchObject({
        cause: cause === "ended by admin" ? "ended in the manage portal" : cause,
        reason,
        adminName: "Root",
      });
    }
  });

  it("says by itself when its time was over or its ticket was never taken", async () => {
    const again = await identity.client(AuthService).login({ email: root, password, app: App.MANAGE });
    adminToken = again.tokens?.accessToken ?? "";
    const used = await opened();
    const unused = await admin().startImpersonation({ userRef, reason });
    await identity.t.db.global((tx) =>
      tx
        .updateTable("impersonation")
        .set({ expires_on: new Date(), ticket_expires_on: new Date() })
        .where("ended_on", "is", null)
        .execute(),
    );
    const { nats, db } = identity.t;
    await sweepImpersonations(db, new SessionEnder(nats, new Rights()), new Date());
    const { impersonations } = await admin().listImpersonations({ tenantRef: identity.tenantRef });
    expect(impersonations.every(({ endedOn }) => endedOn !== undefined)).toBe(true);
    const ends = (await told())
      .filter(({ event_type }) => event_type === ImpersonationEndedSchema.typeName)
      .map(({ payload }) => fromBinary(ImpersonationEndedSchema, payload));
    expect(ends.find((one) => one.impersonationRef === used.ref)?.cause).toBe("its time was over");
    expect(ends.find((one) => one.impersonationRef === unused.impersonation?.ref)?.cause).toBe(
      "it was never opened",
    );
    const starts = (await told()).filter(
      ({ event_type }) => event_type === ImpersonationStartedSchema.typeName,
    );
    expect(starts).toHaveLength(ends.length);
  });
});
