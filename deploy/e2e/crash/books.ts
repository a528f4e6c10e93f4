import { fromRef } from "@leadmetrics/kit";
import { SERVICES } from "@leadmetrics/local/system";
import pg from "pg";
import type { Company } from "../company.ts";
import type { Platform } from "../harness.ts";

/** Events that leave no audit entry: they are progress, not acts. */
const UNAUDITED = ["leadmetrics.agents.events.v1.RunProgressed", "leadmetrics.rag.events.v1.FileProgressed"];

/** The databases as their administrator sees them: nobody's policies in between. */
export class Books {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  async rows<T extends pg.QueryResultRow>(
    service: (typeof SERVICES)[number],
    text: string,
    values: unknown[] = [],
  ): Promise<T[]> {
    const url = new URL(this.#platform.backends.adminUrl);
    url.pathname = new URL(this.#platform.databaseUrl(service)).pathname;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      return (await client.query<T>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /**
   * What is wrong in a company's books, in words; empty when every event has taken effect exactly once.
   *
   * @param company whose work has come to rest
   */
  async problems(company: Company): Promise<string[]> {
    const tenant = fromRef(company.tenant);
    const found: string[] = [];
    const wrong = (when: boolean, what: string) => {
      if (when) found.push(what);
    };

    const events: string[] = [];
    for (const service of SERVICES) {
      const outbox = await this.rows<{ id: string; published: boolean; event_type: string }>(
        service,
        "select id, published_at is not null as published, event_type from kit.outbox where tenant_id = $1",
        [tenant],
      );
      const left = outbox.filter((row) => !row.published);
      wrong(left.length > 0, `${service} has ${left.length} events that were never sent`);
      events.push(...outbox.filter((row) => !UNAUDITED.includes(row.event_type)).map((row) => row.id));
    }
    const audit = await this.rows<{ event_id: string; sequence: string }>(
      "tenancy",
      "select event_id, sequence from audit_entry where chain = $1 order by sequence",
      [tenant],
    );
    const audited = new Set(audit.map((row) => row.event_id));
    wrong(audited.size !== audit.length, "an event is in the audit trail twice");
    const missing = events.filter((id) => !audited.has(id));
    wrong(missing.length > 0, `${missing.length} events are not in the audit trail`);
    wrong(
      audit.some((row, index) => Number(row.sequence) !== index + 1),
      "the audit trail has a gap",
    );

    const runs = await this.rows<{ status: string; credit_state: string; credits: number }>(
      "agents",
      "select status, credit_state, credits from agent_run where tenant_id = $1",
      [tenant],
    );
    const ownerless = runs.filter((run) => run.status !== "succeeded");
    wrong(ownerless.length > 0, `${ownerless.length} runs have not succeeded (${ownerless[0]?.status})`);
    wrong(
      runs.some((run) => run.credit_state !== "settled"),
      "a run's credits are not settled",
    );

    const ledger = await this.rows<{ account: string; sum: string }>(
      "billing",
      "select account, sum(amount) as sum from credit_entry where tenant_id = $1 group by account",
      [tenant],
    );
    const [balance] = await this.rows<{ available: string; reserved: string; spent: string }>(
      "billing",
      "select available, reserved, spent from credit_account where tenant_id = $1",
      [tenant],
    );
    const sumOf = (account: string) => Number(ledger.find((row) => row.account === account)?.sum ?? 0);
    wrong(ledger.reduce((sum, row) => sum + Number(row.sum), 0) !== 0, "the ledger doesn't balance");
    for (const account of ["available", "reserved", "spent"] as const)
      wrong(
        Number(balance?.[account]) !== sumOf(account),
        `the account says ${balance?.[account]} ${account}, its entries ${sumOf(account)}`,
      );
    wrong(Number(balance?.reserved) !== 0, `${balance?.reserved} credits are still reserved`);
    const spent = await this.rows<{ entries: number; runs: number }>(
      "billing",
      `select count(*)::int as entries, count(distinct run_id)::int as runs from credit_entry
       where tenant_id = $1 and kind = 'settle' and account = 'spent'`,
      [tenant],
    );
    wrong(
      spent[0]?.entries !== runs.length || spent[0].runs !== runs.length,
      `${runs.length} runs were booked as ${spent[0]?.entries}`,
    );

    const work = await this.rows<{
      id: string;
      status: string;
      revisions: number;
      published: number;
      targets: number;
      counted: number;
    }>(
      "content",
      `select a.id, a.status, (select count(*)::int from revision r where r.activity_id = a.id) as revisions,
         (select count(*)::int from publication p where p.activity_id = a.id and p.status = 'confirmed') as published,
         (select count(*)::int from activity_target t where t.activity_id = a.id and t.decision = 'approved') as targets,
         (select completed_count::int from deliverable_period d where d.id = a.period_id) as counted
       from activity a where a.tenant_id = $1`,
      [tenant],
    );
    wrong(
      work.some((each) => each.status !== "published"),
      "an activity is not published",
    );
    wrong(
      work.some((each) => each.revisions !== 1),
      "an activity has another number of revisions than one",
    );
    wrong(
      work.some((each) => each.published !== each.targets || each.targets === 0),
      "an activity has another number of publications than approved channels",
    );
    wrong(
      work.some((each) => each.counted !== work.length),
      "the period doesn't count what was published",
    );

    const documents = await this.rows<{ status: string }>(
      "search",
      "select status from document where tenant_id = $1 and collection = 'activities' and source_id = any($2)",
      [tenant, work.map((each) => each.id)],
    );
    wrong(
      documents.filter((each) => each.status === "published").length !== work.length,
      `search has ${documents.length} of ${work.length} posts`,
    );

    const twice = await this.rows(
      "notifications",
      "select event_id from notification group by event_id, user_id, kind having count(*) > 1",
    );
    wrong(twice.length > 0, "somebody was told twice of one event");
    return found;
  }
}
