import type { Browser, BrowserContext, Page } from "playwright-core";
import { approvePlan, decide } from "../../local/demo/main-job.ts";
import { type Activity, activitiesIn, type Company, type Listed, quiet, until } from "../company.ts";
import type { Platform } from "../harness.ts";
import { barriers, overflow } from "../portals/readable.ts";

export const STEP_MS = 20_000;

/** Texts that run something where a page takes them for markup, each with a mark of its own. */
export const CORPUS = [
  '<img src=x onerror="window.__ran=1">',
  "<script>window.__ran=1</script>",
  '"><svg onload="window.__ran=1">',
  "javascript:window.__ran=1",
  "[a](javascript:window.__ran=1)",
  "{{constructor.constructor('window.__ran=1')()}}",
  '<iframe srcdoc="<script>parent.__ran=1</script>"></iframe>',
  "'-window.__ran=1-'",
] as const;

/** Letters that are written from the right, and pictures that are letters. */
export const OTHER_SCRIPTS = "מאפייה 🥖 الخبز 👩‍🍳";

const LAPTOP = { width: 1366, height: 860 };
const PHONE = { width: 375, height: 740 };

export type Theme = "light" | "dark";

/** A person's browser at a portal; the dashboard unless another is named. */
export class Desk {
  readonly #browser: Browser;
  readonly #platform: Platform;
  readonly #portal: string;

  constructor(browser: Browser, platform: Platform, portal = "dashboard") {
    this.#browser = browser;
    this.#platform = platform;
    this.#portal = portal;
  }

  get address(): string {
    return this.#platform.url(this.#portal);
  }

  /** A profile of its own; what goes wrong in its pages is kept. */
  async open(options: { phone?: boolean; theme?: Theme } = {}): Promise<Seat> {
    const context = await this.#browser.newContext({
      locale: "en-GB",
      timezoneId: "America/New_York",
      colorScheme: options.theme ?? "light",
      hasTouch: options.phone ?? false,
      viewport: options.phone ? PHONE : LAPTOP,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return new Seat(this.address, context, page, complaints);
  }
}

export class Seat {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly #address: string;

  constructor(address: string, context: BrowserContext, page: Page, complaints: readonly string[]) {
    this.#address = address;
    this.context = context;
    this.page = page;
    this.complaints = complaints;
  }

  async go(path: string): Promise<Page> {
    await this.page.goto(this.#address + path);
    return this.page;
  }

  async signIn(person: { email: string; password: string }): Promise<Seat> {
    await this.go("/login");
    await this.page.getByLabel("E-mail").fill(person.email);
    await this.page.getByLabel("Password", { exact: true }).fill(person.password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.page.waitForURL((url) => !url.pathname.startsWith("/login"));
    return this;
  }

  /** What axe finds on the page as it is now, WCAG 2.2 A and AA. */
  async violations(): Promise<string[]> {
    const { pathname } = new URL(this.page.url());
    return (await barriers(this.page)).map((found) => `${pathname} ${found}`);
  }

  /** {@link violations} of the page as it is, and as it is on a phone; there also how much wider it is than the window. */
  async violationsAtBothWidths(): Promise<string[]> {
    const found = await this.violations();
    await this.page.setViewportSize(PHONE);
    const { pathname } = new URL(this.page.url());
    found.push(...(await this.violations()).map((one) => `on a phone: ${one}`));
    const wider = await overflow(this.page);
    if (wider > 0) found.push(`${pathname}: ${wider} px wider than a phone`);
    await this.page.setViewportSize(LAPTOP);
    return found;
  }

  /** {@link violationsAtBothWidths} in both themes. */
  async violationsEverywhere(): Promise<string[]> {
    const found: string[] = [];
    for (const colorScheme of ["dark", "light"] as const) {
      await this.page.emulateMedia({ colorScheme });
      found.push(...(await this.violationsAtBothWidths()).map((one) => `${colorScheme}: ${one}`));
    }
    return found;
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

interface Begun {
  readonly platform: Platform;
  readonly desk: Desk;
  readonly company: Company;
  /** Wait for the client; journeys take theirs out. */
  readonly items: Activity[];
  /** The company's owner at her laptop, signed in. */
  readonly clara: Seat;
}

/** What the journeys share: one platform, one company, its owner. There once the suite has begun. */
export class World {
  #begun: Begun | undefined;

  begin(begun: Begun): void {
    this.#begun = begun;
  }

  async end(): Promise<void> {
    await this.#begun?.platform.stop();
  }

  get #there(): Begun {
    if (!this.#begun) throw new Error("the platform hasn't started");
    return this.#begun;
  }

  get platform(): Platform {
    return this.#there.platform;
  }
  get desk(): Desk {
    return this.#there.desk;
  }
  get company(): Company {
    return this.#there.company;
  }
  get items(): readonly Activity[] {
    return this.#there.items;
  }
  get clara(): Seat {
    return this.#there.clara;
  }

  /** An item that waits, for one journey alone; the first ones stay for those that share them. */
  take(kind: "blog_post" | "social_post"): Activity {
    const { items } = this.#there;
    const index = items.findLastIndex((item) => item.contentType === kind);
    const item = items[index];
    if (!item) throw new Error(`no ${kind} is left`);
    items.splice(index, 1);
    return item;
  }
}

/** The page stands: what was asked for is there, in place of its grey bars. The live stream never ends, so it isn't waited for. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole("main").waitFor();
  await until("the page to stand", STEP_MS, async () =>
    (await page.locator(".animate-breathe.bg-hover").count()) === 0 ? true : undefined,
  );
}

/** Drafts of a plan that a reviewer has let through: they wait for the client. */
export async function waitingForClient(
  company: Company,
  plan: { title: string; blogs: number; posts: number; theme?: string },
): Promise<Activity[]> {
  const { client, reviewer, tenant, channelRef } = company;
  const theme = plan.theme ?? "Rye bread";
  const { ref } = await approvePlan(
    client,
    {
      title: plan.title,
      start: "2027-01-01",
      end: "2027-01-31",
      deliverables: [
        { contentType: "blog_post", quantity: plan.blogs, theme, channelRef },
        { contentType: "social_post", quantity: plan.posts, theme },
      ],
    },
    quiet,
  );
  const drafts = await activitiesIn(client, ref, "dm_review", plan.blogs + plan.posts, 90_000);
  for (const draft of drafts)
    await decide(reviewer, `/dm/v1/tenants/${tenant}/reviews/${draft.ref}/approve`, draft);
  return activitiesIn(client, ref, "client_review", drafts.length);
}

/** The state of an item. */
export async function stateOf({ client }: Company, ref: string): Promise<string> {
  const { body } = await client.get<{ activity: { status: string } }>(`/tenant/v1/activities/${ref}`);
  return body.activity.status;
}

/** The secret of the link that was mailed about an item. */
export async function mailedLink({ at, person }: Company, title: string): Promise<string> {
  return until(`the mail about “${title}”`, STEP_MS, async () => {
    const answer = await fetch(`${at.mail}/api/messages?to=${encodeURIComponent(person.email)}`);
    const { items } = (await answer.json()) as Listed<{ subject: string; text: string }>;
    const mail = items.find(({ subject }) => subject.includes(title) && subject.includes("waits"));
    return /\/decide#([\w-]+)/.exec(mail?.text ?? "")?.[1];
  });
}
