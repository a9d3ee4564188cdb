export type { Durability } from "./store/sqlite/open-database.ts";
export { type SqliteArchiveOptions, sqliteArchive } from "./store/sqlite/sqlite-archive.ts";
export { type SqliteStoreOptions, sqliteStore } from "./store/sqlite/sqlite-store.ts";
