import { DatabaseSync } from "node:sqlite";
import { AgentwerkError } from "@agentwerk/core";
import { expect, test } from "vitest";
import { failureText } from "./failure-text.ts";

function unusable(cause: unknown): AgentwerkError {
  const message = "/data/tickets.db cannot be used: why. Check that its directory exists.";
  return new AgentwerkError({ code: "store_unavailable", message, cause });
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(code), { code, syscall: "open", path });
}

/** What SQLite itself throws. */
function writeToReadOnly(): unknown {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE t (x); PRAGMA query_only = ON");
  try {
    database.exec("INSERT INTO t VALUES (1)");
    return undefined;
  } catch (error) {
    return error;
  } finally {
    database.close();
  }
}

test.each([
  ["a file that must not be written", systemError("EACCES", "/data/tickets.db")],
  ["a read-only file system", systemError("EROFS", "/data/tickets.db")],
  ["a database that cannot be written", writeToReadOnly()],
])("%s is told with how to look at it all the same", (_, cause) => {
  expect(failureText(unusable(cause))).toMatch(
    /^\/data\/tickets\.db cannot be used: .*Looking needs the right to write, too: .* copy the folder/,
  );
});

test.each([
  ["a path without a folder", systemError("ENOTDIR", "/data/tickets.db")],
  ["another file", systemError("EACCES", "/data/mcp-pins.json")],
])("%s is told as it is", (_, cause) => {
  expect(failureText(unusable(cause))).not.toContain("Looking");
});
