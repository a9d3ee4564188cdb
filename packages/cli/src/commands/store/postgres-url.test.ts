import { expect, test } from "vitest";
import { isPostgresUrl, withoutSecrets } from "./postgres-url.ts";

test.each([
  ["postgres://ann:secret@db.internal:5432/queue", "postgres://…@db.internal:5432/queue"],
  ["postgresql://ann:p@ss/word@db.internal/queue", "postgresql://…@db.internal/queue"],
  ["postgres://db.internal/queue?user=ann&password=secret", "postgres://db.internal/queue"],
  ["/srv/tickets.db", "/srv/tickets.db"],
])("%s is shown as %s", (url, shown) => {
  expect(withoutSecrets(url)).toBe(shown);
});

test("only URLs of PostgreSQL are such", () => {
  expect(["postgres://a/b", "postgresql://a/b"].every(isPostgresUrl)).toBe(true);
  expect(["backup", "./postgres", "mysql://a/b"].some(isPostgresUrl)).toBe(false);
});
