export type { Durability } from "./store/sqlite/open-database.ts";
export { type SqliteStoreOptions, sqliteStore } from "./store/sqlite/sqlite-store.ts";
