import type { ServiceName } from "@leadmetrics/local/system";

/** The roles of a service's database that the operator uses: none that sees a tenant's rows as the tenant would. */
export type OperatorRole = "app" | "system";

/** One process of the platform and where it says whether it is ready. */
export interface ProcessAddress {
  readonly name: string;
  readonly readyUrl: string;
}

/** The platform a command works on: where its parts are and how the operator gets in. */
export interface Target {
  /** For people. */
  readonly name: string;
  readonly natsUrl: string;
  /** Undefined when nobody said where the database is. */
  databaseUrl(service: ServiceName, role: OperatorRole): string | undefined;
  readonly processes: readonly ProcessAddress[];
  /** Undefined when nobody said where the service is. */
  rpcUrl(service: ServiceName): string | undefined;
  /** The client secret of `lm` at identity. */
  readonly secret: string | undefined;
  /** Folders of the machine whose disk the platform fills. */
  readonly dataDir: string | undefined;
  /** Where processes of this machine write their logs and spans. */
  readonly logDir: string | undefined;
  /** Environment of a process of a service, to run one of its own programs. */
  processEnv(service: ServiceName): Record<string, string | undefined>;
}
