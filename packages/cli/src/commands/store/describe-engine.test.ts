import { expect, test } from "vitest";
import type { AgentwerkConfig } from "../../config/config.ts";
import { describeEngine } from "./describe-engine.ts";

test.each<[AgentwerkConfig, string]>([
  [{}, "SQLite in .agentwerk"],
  [{ dir: "data" }, "SQLite in data"],
  [{ store: "postgres://ann:p@ss@db.internal/queue?password=secret" }, "postgres://…@db.internal/queue"],
])("a store is told without what is secret", (config, told) => {
  const expand = <Value>(value: Value): Value => value;
  const project = { root: "/", configFile: undefined, config, agents: [], expand };
  expect(describeEngine(project)).toBe(told);
});
