import { connectNats, createLogger, openDatabase, startConsumers, startRelay } from "../../src/index.ts";
import type { NotesDb } from "../fixture.ts";
import { notesConsumer, SHORT } from "./notes.ts";

// A process with relay and consumer, as a service has them: what a crash test kills.
const {
  DATABASE_URL = "",
  DATABASE_SYSTEM_URL = "",
  DATABASE_PLATFORM_URL = "",
  NATS_URL = "",
} = process.env;
const log = createLogger({ service: "content", level: "error" });
const db = openDatabase<NotesDb>({
  service: "content",
  urls: { app: DATABASE_URL, system: DATABASE_SYSTEM_URL, platform: DATABASE_PLATFORM_URL },
  log,
});
const nats = await connectNats({ url: NATS_URL, name: "killed" });
if (process.env.CONSUME)
  await startConsumers([notesConsumer()], { db, nats, service: "content", log, profiles: SHORT });
startRelay({ db, nats, systemUrl: DATABASE_SYSTEM_URL, log });
