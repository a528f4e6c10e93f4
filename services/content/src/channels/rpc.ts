import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  AppError,
  type Database,
  emit,
  errors,
  fromRef,
  keyset,
  newId,
  pageOf,
  pageResult,
  type SecretBox,
  type ServedService,
  service,
  tenantCtx,
} from "@leadmetrics/kit";
import { ChannelChangedSchema, ChannelConnectedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { ChannelsService } from "@leadmetrics/proto/content/v1/channels";
import type { ChannelRow, ChannelStatusName, ContentDb } from "../db.ts";
import { actorText, channelView } from "../views.ts";
import type { ChannelAdapter, Refusal, TestResult } from "./port.ts";
import { type WordPressCredentials, wordPress } from "./wordpress/wordpress.ts";

/** What is needed to reach channels. */
export interface ChannelDeps {
  readonly db: Database<ContentDb>;
  readonly box: SecretBox;
  /** `host:port` that may be private; the sandbox site of a laptop. */
  readonly allowPrivate: readonly string[];
}

const aad = (tenantId: string, channelId: string) => `channel:${tenantId}:${channelId}`;

/** A site however its address was written. */
const siteOf = (url: string): string => {
  const { host, pathname } = URL.canParse(url) ? new URL(url) : { host: url, pathname: "" };
  return (host + pathname).toLowerCase().replace(/\/+$/, "");
};

/** A saved channel's adapter, its credentials opened. */
export function adapterOf(deps: Pick<ChannelDeps, "box" | "allowPrivate">, row: ChannelRow): ChannelAdapter {
  if (!row.sealed_credentials)
    throw errors.conflict(
      "channel_disconnected",
      `The channel "${row.name}" is not connected. Connect it again.`,
    );
  const credentials = JSON.parse(
    deps.box.open(row.sealed_credentials, aad(row.tenant_id, row.id)),
  ) as WordPressCredentials;
  return wordPress(credentials, deps.allowPrivate);
}

export interface Health {
  readonly status: ChannelStatusName;
  /** Empty when all is well. */
  readonly problem: string;
}

/** How a channel is doing by what it answered. */
export const healthOf = (tested: TestResult): Health =>
  tested.kind === "works"
    ? { status: "connected", problem: "" }
    : { status: STATUS[tested.reason] ?? "unreachable", problem: tested.problem };

const STATUS: Partial<Record<Refusal, ChannelStatusName>> = {
  wrong_credentials: "expired",
  missing_rights: "expired",
};

export function channelsService(deps: ChannelDeps): ServedService {
  const { db, box } = deps;
  return service(ChannelsService, {
    async connectChannel(request, hc) {
      const ctx = tenantCtx(hc);
      if (request.credentials.case !== "wordpress") throw errors.invalid("credentials: are missing.");
      const { siteUrl, username, applicationPassword } = request.credentials.value;
      const credentials: WordPressCredentials = {
        siteUrl: siteUrl.trim(),
        username: username.trim(),
        applicationPassword,
      };
      const again = request.channelRef
        ? await mustFind(db, ctx, fromRef(request.channelRef, "channel"))
        : undefined;
      if (again && siteOf(again.url) !== siteOf(credentials.siteUrl))
        throw errors.invalid(
          `siteUrl: is another site than that of "${again.name}"; connect it as a channel of its own.`,
        );
      const tested = await wordPress(credentials, deps.allowPrivate).test(ctx.signal);
      if (tested.kind === "refused") throw new AppError("conflict", tested.reason, tested.problem);
      return db.withTenant(ctx, async (tx) => {
        // What was published and what waits stays with its channel: nobody connects a site a second time by mistake.
        const left = await tx
          .selectFrom("channel")
          .select(["id", "url"])
          .where("status", "=", "disconnected")
          .orderBy("id", "desc")
          .execute();
        const known = again?.id ?? left.find(({ url }) => siteOf(url) === siteOf(credentials.siteUrl))?.id;
        const id = known ?? newId();
        const connected = {
          username: credentials.username,
          sealed_credentials: box.seal(JSON.stringify(credentials), aad(ctx.tenantId, id)),
          status: "connected" as const,
          problem: "",
          tested_on: new Date(),
        };
        if (known) {
          const row = await tx
            .updateTable("channel")
            .set((eb) => ({
              ...connected,
              name: request.name || eb.ref("name"),
              updated_by: actorText(ctx.actor),
              updated_on: new Date(),
              version: eb("version", "+", 1),
            }))
            .where("id", "=", known)
            .returningAll()
            .executeTakeFirstOrThrow();
          const channel = channelView(row);
          await emit(tx, ctx, ChannelChangedSchema, { channel }, { aggregate: id });
          return { channel };
        }
        const row = await tx
          .insertInto("channel")
          .values({
            ...connected,
            id,
            tenant_id: ctx.tenantId,
            kind: "wordpress",
            name: request.name || tested.name,
            url: credentials.siteUrl,
            created_by: actorText(ctx.actor),
            updated_by: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const channel = channelView(row);
        await emit(tx, ctx, ChannelConnectedSchema, { channel }, { aggregate: id });
        return { channel };
      });
    },

    async testChannel(request, hc) {
      const ctx = tenantCtx(hc);
      const row = await mustFind(db, ctx, fromRef(request.channelRef, "channel"));
      const health = healthOf(await adapterOf(deps, row).test(ctx.signal));
      return { channel: channelView(await setHealth(db, ctx, row.id, health)) };
    },

    async listChannels(request, hc) {
      const page = pageOf(request.page);
      const rows = await db.withTenant(
        tenantCtx(hc),
        (tx) =>
          keyset(
            tx.selectFrom("channel").selectAll().where("status", "!=", "disconnected"),
            page,
            tx,
          ).execute(),
        { readOnly: true },
      );
      const result = pageResult(rows, page);
      return { channels: result.rows.map(channelView), page: result.page };
    },

    async disconnectChannel(request, hc) {
      const ctx = tenantCtx(hc);
      const row = await mustFind(db, ctx, fromRef(request.channelRef, "channel"));
      await db.withTenant(ctx, async (tx) => {
        const gone = await tx
          .updateTable("channel")
          .set((eb) => ({
            sealed_credentials: null,
            status: "disconnected",
            updated_by: actorText(ctx.actor),
            updated_on: new Date(),
            version: eb("version", "+", 1),
          }))
          .where("id", "=", row.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await emit(tx, ctx, ChannelChangedSchema, { channel: channelView(gone) }, { aggregate: row.id });
      });
      return {};
    },
  });
}

type TenantScope = Parameters<Database<ContentDb>["withTenant"]>[0];

/**
 * Notes how a channel is doing.
 *
 * @param neededOn when something goes out there that can't as it is: people are told
 */
export async function setHealth(
  db: Database<ContentDb>,
  ctx: TenantScope,
  id: string,
  health: Health,
  neededOn?: Date,
): Promise<ChannelRow> {
  return db.withTenant(ctx, async (tx) => {
    const row = await tx
      .updateTable("channel")
      .set((eb) => ({
        ...health,
        tested_on: new Date(),
        updated_on: new Date(),
        version: eb("version", "+", 1),
      }))
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const changed = { channel: channelView(row), neededOn: neededOn && timestampFromDate(neededOn) };
    await emit(tx, ctx, ChannelChangedSchema, changed, { aggregate: id });
    return row;
  });
}

async function mustFind(db: Database<ContentDb>, ctx: TenantScope, id: string): Promise<ChannelRow> {
  const row = await db.withTenant(
    ctx,
    (tx) => tx.selectFrom("channel").selectAll().where("id", "=", id).executeTakeFirst(),
    { readOnly: true },
  );
  if (!row) throw errors.notFound("channel");
  return row;
}
