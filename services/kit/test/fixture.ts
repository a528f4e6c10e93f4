/** The smallest service there can be: one tenant table. */
export interface NotesDb {
  note: { id: string; tenant_id: string; text: string; created_on?: Date };
  ledger: { id: string; tenant_id: string };
}

export const migrations = new URL("./fixture/", import.meta.url);
