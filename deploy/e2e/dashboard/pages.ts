import { fromRef } from "@leadmetrics/kit";
import { expect, it } from "vitest";
import { decide } from "../../local/demo/main-job.ts";
import { type Activity, refusal, until } from "../company.ts";
import { Books } from "../crash/books.ts";
import { plantDrafts } from "../drafts.ts";
import { paper } from "../paper.ts";
import { watchAsks } from "../portals/asks.ts";
import { CORPUS, OTHER_SCRIPTS, STEP_MS, settled, type World } from "./desk.ts";

/** Every page of the dashboard that opens without a reference. */
const PAGES = [
  "/",
  "/approvals",
  "/calendar",
  "/calendar?view=week",
  "/content",
  "/plans",
  "/plans/new",
  "/strategy",
  "/strategy/new",
  "/context",
  "/knowledge",
  "/channels",
  "/team",
  "/billing",
  "/audit",
  "/settings",
  "/security",
  "/notifications",
];

/** Scrolls a screen at a time and gives the longest frame, milliseconds. Text: this file isn't compiled for a browser. */
const SLOWEST_FRAME = `new Promise((done) => {
  let slowest = 0, last = performance.now(), left = 60;
  const step = (now) => {
    slowest = Math.max(slowest, now - last);
    last = now;
    if (left-- === 0) return done(slowest);
    scrollBy(0, -innerHeight);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

/** What holds on every page, and the pages with a way of their own. The contract comes last: it closes everything. */
export function pageJourneys(world: World): void {
  /** A draft that is all payload, title and text, and waits for the client. */
  async function hostileDraft(): Promise<string> {
    const { client, reviewer, tenant } = world.company;
    const body = CORPUS.map((one) => `${one}\n\n## ${one}\n\n- ${one}\n\n\`${one}\``).join("\n\n");
    const title = `${CORPUS.slice(0, 3).join(" ")} ${OTHER_SCRIPTS}`;
    const url = world.platform.databaseUrl("content", "app");
    const [ref = ""] = await plantDrafts(url, tenant, [{ title, body, comment: CORPUS[0] }]);
    const { body: read } = await client.get<{ activity: Activity }>(`/tenant/v1/activities/${ref}`);
    await decide(reviewer, `/dm/v1/tenants/${tenant}/reviews/${ref}/approve`, read.activity);
    return ref;
  }

  it("an access token that is gone is renewed without a word", async () => {
    await world.clara.context.clearCookies({ name: "dashboard_access_token" });
    const page = await world.clara.go("/plans");
    await page.getByText("January").first().waitFor();
    expect(page.url()).not.toContain("/login");
  });

  it("the calendar: an item is moved with the keyboard alone, and with an exact hour in the company's zone", {
    timeout: 60_000,
  }, async () => {
    const item = world.take("blog_post");
    const page = await world.clara.go("/calendar");
    const handle = page.locator(`[data-moves="${item.ref}"]`);
    await handle.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const slot = async () => {
      const { body } = await world.company.client.get<{ activity: { publishOn: string | null } }>(
        `/tenant/v1/activities/${item.ref}`,
      );
      return body.activity.publishOn ?? undefined;
    };
    await expect.poll(slot, { timeout: STEP_MS }).toMatch(/T09:00:00/);
    // On its day, not where it lay before.
    const date = page
      .getByRole("main")
      .getByRole("listitem")
      .getByRole("button", { name: `Change the date of “${item.title}”` });
    await date.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    await dialog.getByLabel("Day").fill(day);
    await dialog.getByLabel("Time").fill("17:30");
    await dialog.getByRole("button", { name: "Set date" }).click();
    await expect.poll(slot, { timeout: STEP_MS }).toContain(`${day}T17:30:00`);
  });

  it("what people type never runs, wherever it is shown; other scripts stay what they are", {
    timeout: 90_000,
  }, async () => {
    const { client } = world.company;
    const hostile = `${CORPUS.join(" ")} ${OTHER_SCRIPTS}`;
    const short = `${CORPUS[0]} ${OTHER_SCRIPTS}`;
    const item = world.items[0];
    await client.post(`/tenant/v1/activities/${item?.ref}/comments`, { text: hostile });
    await client.post("/tenant/v1/strategies", {
      title: short,
      body: hostile,
      horizonMonths: 6,
      goals: [{ name: short, metric: "loaves", baseline: 0, target: 9, due: "2027-06-01" }],
    });
    await client.post("/tenant/v1/plans", {
      title: short,
      start: "2027-02-01",
      end: "2027-02-28",
      deliverables: [{ contentType: "blog_post", quantity: 1, theme: short }],
    });
    const now = await client.get<{ version: number }>("/tenant/v1/context");
    await client.put("/tenant/v1/context", {
      context: { companySummary: hostile, brandVoice: hostile, products: [short], website: CORPUS[3] },
      version: now.body.version,
    });
    const firm = await client.get<{ version: number; timeZone: string; locale: string; currency: string }>(
      "/tenant/v1/tenant",
    );
    const { timeZone, locale, currency, version } = firm.body;
    await client.put("/tenant/v1/tenant", { name: short, timeZone, locale, currency, version });
    const planted = await hostileDraft();
    const pages = [item?.ref, planted].flatMap((ref) => [`/approvals?activity=${ref}`, `/content/${ref}`]);
    for (const path of [...PAGES, ...pages]) {
      const page = await world.clara.go(path);
      await settled(page);
      expect(await page.evaluate("window.__ran")).toBeUndefined();
    }
    const page = await world.clara.go(`/content/${item?.ref}`);
    await page.getByRole("tab", { name: /Comments/ }).click();
    await page.getByText(OTHER_SCRIPTS, { exact: false }).first().waitFor();
    expect(await page.evaluate("window.__ran")).toBeUndefined();
  });

  it.each(["light", "dark"] as const)(
    "every page is readable for everybody, and comes with its answers, %s",
    { timeout: 180_000 },
    async (theme) => {
      const seat = await (await world.desk.open({ theme })).signIn(world.company.person);
      const found: string[] = [];
      const asks = watchAsks(seat.page);
      for (const path of [...PAGES, `/content/${world.items[0]?.ref}`]) {
        const page = await seat.go(path);
        await settled(page);
        found.push(...(await seat.violationsAtBothWidths()));
      }
      expect(found).toEqual([]);
      expect(await asks()).toEqual([]);
      expect(seat.complaints).toEqual([]);
      await seat.close();
    },
  );

  it("a library of ten thousand items opens at once and scrolls to its end with few rows in the page", {
    timeout: 120_000,
  }, async () => {
    const LONG = 10_000;
    await new Books(world.platform).rows(
      "content",
      `insert into activity (id, tenant_id, plan_id, deliverable_id, period_id, content_type, title, status, owed_by, created_by)
       select uuidv7(), a.tenant_id, a.plan_id, a.deliverable_id, a.period_id, a.content_type, 'Item ' || n, 'cancelled', 'nobody', 'system:test'
       from (select * from activity where id = $1) a, generate_series(1, $2::int) n`,
      [fromRef(world.items[0]?.ref ?? ""), LONG],
    );
    const started = performance.now();
    const page = await world.clara.go("/content");
    await page.getByText(`Item ${LONG}`, { exact: true }).waitFor();
    const openedMs = performance.now() - started;
    const rows = () => page.evaluate("document.querySelectorAll('tbody tr[aria-rowindex]').length");
    expect(await rows()).toBeLessThan(120);
    const end = page.getByText("Item 1", { exact: true });
    const scrolled = performance.now();
    await until("the end of the list", 90_000, async () => {
      await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
      return (await end.count()) > 0 ? true : undefined;
    });
    const scrolledMs = performance.now() - scrolled;
    expect(await rows()).toBeLessThan(120);
    const frame = await page.evaluate(SLOWEST_FRAME);
    console.log(
      `library of ${LONG}: open ${Math.round(openedMs)} ms, to its end ${Math.round(scrolledMs)} ms, slowest of 60 frames ${Math.round(Number(frame))} ms`,
    );
  });

  it("nothing opens before the contract is accepted, and the acceptance says who, when, from where", {
    timeout: 60_000,
  }, async () => {
    const form = new FormData();
    form.append("title", "Service agreement");
    form.append(
      "document",
      new Blob([Uint8Array.from(paper("We bake, you pay."))], { type: "application/pdf" }),
      "agreement.pdf",
    );
    await world.company.admin.upload(`/admin/v1/tenants/${world.company.tenant}/contract`, form);
    const closed = ["/plans", "/runs", "/search?q=rye", "/notifications", "/credits", "/events"];
    for (const path of closed)
      expect(
        await until(`${path} to close`, STEP_MS, async () => {
          const said = await refusal(world.company.client.get(`/tenant/v1${path}`)).catch(() => undefined);
          return said?.code;
        }),
      ).toBe("contract_pending");
    const page = await world.clara.go("/plans");
    await page.getByRole("heading", { name: "Service agreement" }).waitFor();
    expect(await page.getByRole("navigation").count()).toBe(0);
    await page.getByText("I have read the contract").click();
    await page.getByRole("button", { name: "I agree" }).click();
    await page.getByRole("navigation").first().waitFor();
    const { body } = await world.company.client.get<{
      waiting: boolean;
      contract: { acceptance: { remoteIp: string; userAgent: string; acceptedOn: string } };
    }>("/tenant/v1/contract");
    expect(body.waiting).toBe(false);
    expect(body.contract.acceptance).toMatchObject({
      remoteIp: expect.stringContaining("127.0.0.1"),
      userAgent: expect.stringContaining("Chrome"),
      acceptedOn: expect.stringMatching(/^20/),
    });
  });
}
