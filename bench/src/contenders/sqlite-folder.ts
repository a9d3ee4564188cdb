import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TicketStore } from "@agentwerk/core";
import { type Durability, sqliteStore } from "@agentwerk/core/sqlite";

/** Stores in new files below one temporary folder, which goes with the process. */
export function sqliteFolder(durability: Durability): () => TicketStore {
  const folder = mkdtempSync(join(tmpdir(), "agentwerk-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  return () => {
    count += 1;
    return sqliteStore({ path: join(folder, `round-${count}.db`), durability });
  };
}
