export { type MigrateOptions, migratePostgres, type PostgresStatus, postgresStatus } from "./admin.ts";
export { copyStore, type StorePlace } from "./copy-store.ts";
export type { SchemaStatus } from "./migrate.ts";
export { type PostgresArchiveOptions, postgresArchive } from "./postgres-archive.ts";
export {
  type PostgresKnowledge,
  type PostgresKnowledgeOptions,
  postgresKnowledge,
} from "./postgres-knowledge.ts";
export type { PostgresOptions, PostgresTarget } from "./postgres-options.ts";
export { postgresPlugin } from "./postgres-plugin.ts";
export { postgres } from "./postgres-store.ts";
