import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { profile } from "../browser.ts";
import { type PlantedDraft, plantDrafts } from "../drafts.ts";
import type { Platform } from "../harness.ts";

export const STEP_MS = 30_000;
export const TEST_MS = 120_000;

/** A platform that is there, and the tenant its reviewers look after. */
export interface DmHost {
  readonly platform: Platform;
  readonly browser: Browser;
  readonly tenantRef: string;
}

/** A reviewer at their desk. */
export interface Desk {
  page: Page;
  context: BrowserContext;
  /** Errors of the page that nobody caught. */
  complaints: string[];
}

/** What reviewers do in every journey. */
export function deskOf(host: () => DmHost) {
  const asked = <T>(page: Page, path: string): Promise<T> =>
    page.evaluate(`fetch(${JSON.stringify(path)}).then((answer) => answer.json())`) as Promise<T>;
  async function decide(page: Page, ref: string, move: "approve" | "reject", more: object = {}) {
    const path = `/api/dm/v1/tenants/${host().tenantRef}`;
    const { activity } = await asked<{ activity: { version: number; contentHash: string } }>(
      page,
      `${path}/activities/${ref}`,
    );
    const { version, contentHash } = activity;
    const body = JSON.stringify({ version, contentHash, ...more });
    await page.evaluate(
      `fetch(${JSON.stringify(`${path}/reviews/${ref}/${move}`)}, { method: "POST", body: ${JSON.stringify(body)}, headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() } })`,
    );
  }
  return {
    async visit(person: { email: string; password: string }): Promise<Desk> {
      const context = await profile(host().browser);
      await context.addInitScript("addEventListener('mousedown', () => { window.__mouse = 1 }, true)");
      const page = await context.newPage();
      page.setDefaultTimeout(STEP_MS);
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      // Until the form is alive: what is typed before that isn't sent.
      await page.goto(`${host().platform.url("dm")}/login`, { waitUntil: "networkidle" });
      await page.getByLabel("E-mail").fill(person.email);
      await page.getByLabel("Password", { exact: true }).fill(person.password);
      await page.keyboard.press("Enter");
      await page.getByRole("navigation").first().waitFor();
      return { page, context, complaints };
    },
    asked,
    /** Sends a draft back at once, as the portal does when the time to undo it is over. */
    sendBack: (page: Page, ref: string, note: string) => decide(page, ref, "reject", { note }),
    letThrough: (page: Page, ref: string) => decide(page, ref, "approve"),
    plant: (drafts: readonly PlantedDraft[]): Promise<string[]> =>
      plantDrafts(host().platform.databaseUrl("content", "app"), host().tenantRef, drafts),
    open: (page: Page, ref: string) => page.goto(`${host().platform.url("dm")}/queue?activity=${ref}`),
    /** Until the text that is decided on is there. */
    async ready(page: Page, title: string) {
      const draft = page.getByRole("region", { name: "Draft" });
      await draft.getByRole("heading", { name: title, exact: true }).first().waitFor();
      const approve = draft.getByRole("button", { name: /^Approve/ });
      await expect.poll(() => approve.isEnabled(), { timeout: STEP_MS }).toBe(true);
    },
  };
}
