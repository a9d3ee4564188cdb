import type { Tool } from "@agentwerk/core";
import { fakeClock } from "@agentwerk/core/testing";
import { describe, expect, it } from "vitest";
import type { CallSettings } from "../calls/call-server.ts";
import { CallsUnderWay } from "../calls/calls-under-way.ts";
import type { ServerRules } from "../config/server-config.ts";
import { ServerConnection } from "../connection/server-connection.ts";
import { TailLog } from "../transport/tail-log.ts";
import { mountTool } from "./mount-tool.ts";
import { readTool } from "./read-tool.ts";

const settings: CallSettings = {
  server: "s",
  connection: new ServerConnection({
    server: "s",
    clock: fakeClock(),
    log: new TailLog(),
    connect: () => Promise.reject(new Error("no server")),
    onChange: () => {},
  }),
  calls: new CallsUnderWay(),
  signIn: undefined,
  roots: [],
  elicits: true,
  elicit: undefined,
  sampling: undefined,
  timeoutMs: 1_000,
  maxTimeMs: 5_000,
};

function mounted(
  annotations: object,
  rules: ServerRules = {},
  inputSchema: object = { type: "object" },
): Tool {
  const read = readTool(
    { name: "t", description: "Does.", inputSchema, annotations },
    { checksHeaders: false },
  );
  if (!read.ok) throw new Error(read.quarantined.message);
  return mountTool({
    name: "s__t",
    tool: read.tool,
    config: { command: "x", ...rules },
    settings,
    maxOutput: 1_000,
    check: async () => undefined,
  });
}

const harmless = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };

describe("a mounted tool", () => {
  it("is taken for the worst, whatever the server says of itself", () => {
    expect(mounted({})).toMatchObject({ readOnly: false, idempotent: false, destructive: true });
    expect(mounted(harmless)).toMatchObject({ readOnly: false, idempotent: false, destructive: true });
  });

  it("is what the user says that it is, all tools or those named", () => {
    expect(mounted({}, { readOnly: true })).toMatchObject({
      readOnly: true,
      idempotent: true,
      destructive: false,
    });
    expect(mounted({}, { readOnly: ["other"], idempotent: ["t"] })).toMatchObject({
      readOnly: false,
      idempotent: true,
    });
    expect(mounted(harmless, { trustAnnotations: true })).toMatchObject({
      readOnly: true,
      destructive: false,
    });
  });

  it("stays destructive when the server admits it", () => {
    expect(mounted({ destructiveHint: true }, { readOnly: true })).toMatchObject({ destructive: true });
  });

  it("waits for a person by the user's rule", () => {
    const asks = (annotations: object, rules: ServerRules): boolean =>
      mounted(annotations, rules).needsApproval !== undefined;
    expect(asks({}, {})).toBe(false);
    expect(asks(harmless, { approval: "always" })).toBe(true);
    expect(asks(harmless, { approval: "destructive" })).toBe(true);
    expect(asks(harmless, { approval: "destructive", trustAnnotations: true })).toBe(false);
    expect(asks({}, { approval: "destructive", readOnly: ["t"] })).toBe(false);
    expect(asks({ destructiveHint: true }, { approval: "destructive", readOnly: ["t"] })).toBe(true);
  });

  it("has its arguments checked in the dialect that the server names, which models are not shown", async () => {
    const tool = mounted(
      {},
      {},
      {
        $schema: "http://json-schema.org/draft-07/schema#",
        type: "object",
        properties: { pair: { type: "array", items: [{ type: "string" }, { type: "number" }] } },
      },
    );
    expect(tool.inputSchema).not.toHaveProperty("$schema");
    expect(await tool.parseInput({ pair: ["a", 1] })).toMatchObject({ ok: true });
    expect(await tool.parseInput({ pair: [1, "a"] })).toMatchObject({ ok: false });
  });
});
