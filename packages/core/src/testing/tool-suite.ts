import { describe, expect, test } from "vitest";
import { compileJsonSchema } from "../schema/compile-json-schema.ts";
import type { Tool } from "../tool/tool.ts";
import { isToolResult, type ToolReturn } from "../tool/tool-result.ts";
import type { JsonValue } from "../util/json.ts";
import { findNonJson } from "../util/json.ts";
import { type RunToolOptions, runTool } from "./run-tool.ts";

/** A place for one test of a tool: fresh, and taken away afterwards. */
export interface ToolBench {
  readonly tool: Tool;
  readonly options?: RunToolOptions;
  /** What the tool could change, as any value that can be compared: file contents, rows, sent messages. */
  readonly state?: () => Promise<unknown>;
  readonly close?: () => Promise<void>;
}

export interface ToolSuiteOptions {
  readonly name: string;
  open(): Promise<ToolBench>;
  /** Arguments that the tool can carry out on a fresh bench. */
  readonly valid: readonly JsonValue[];
  /** Arguments that its schema has to refuse. */
  readonly invalid: readonly JsonValue[];
  /** Arguments that fit the schema and cannot be carried out: the tool has to say so to the model. */
  readonly failing?: readonly JsonValue[];
  /** Arguments of a call that does not end within the turn of the event loop in which it begins, so that it can be aborted. */
  readonly slow?: JsonValue;
  /** Cases that cannot hold for this tool, by id, and why; they are shown as skipped with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

interface ToolCase {
  readonly id: string;
  readonly title: string;
  run(bench: ToolBench, options: ToolSuiteOptions): Promise<void>;
}

/** Longest time in milliseconds that a tool may take to end after its signal aborted. */
const abortMs = 5_000;

const cases: readonly ToolCase[] = [
  {
    id: "definition",
    title: "has a name, a description and an object schema that every vendor takes",
    async run({ tool }) {
      expect(tool.name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(tool.description.trim()).not.toBe("");
      expect(tool.inputSchema).toMatchObject({ type: "object", properties: expect.any(Object) });
      expect(tool.inputSchema).not.toHaveProperty("$schema");
      expect(() => compileJsonSchema(tool.inputSchema)).not.toThrow();
    },
  },
  {
    id: "stable-definition",
    title: "is defined by the same bytes each time it is made",
    async run({ tool }, { open }) {
      const again = await open();
      const bytes = ({ name, description, inputSchema }: Tool): string =>
        JSON.stringify({ name, description, inputSchema });
      expect(bytes(again.tool)).toBe(bytes(tool));
      await again.close?.();
    },
  },
  {
    id: "valid-input",
    title: "carries out valid arguments, and answers with text, JSON or content",
    async run(_bench, { open, valid }) {
      for (const input of valid) {
        const bench = await open();
        const returned = await runTool(bench.tool, input, bench.options);
        expect(describeFailure(returned), JSON.stringify(input)).toBeUndefined();
        if (!isToolResult(returned) && returned !== undefined) expect(findNonJson(returned)).toBeUndefined();
        await bench.close?.();
      }
    },
  },
  {
    id: "invalid-input",
    title: "refuses invalid arguments before it runs",
    async run({ tool, state }, { invalid }) {
      const before = await state?.();
      for (const input of invalid) {
        expect(await tool.parseInput(input), JSON.stringify(input)).toMatchObject({ ok: false });
      }
      expect(await state?.()).toEqual(before);
    },
  },
  {
    id: "failing-input",
    title: "tells the model what went wrong instead of throwing",
    async run(_bench, { open, failing = [] }) {
      for (const input of failing) {
        const bench = await open();
        const returned = await runTool(bench.tool, input, bench.options);
        expect(describeFailure(returned), JSON.stringify(input)).toMatch(/\S/);
        await bench.close?.();
      }
    },
  },
  {
    id: "read-only",
    title: "changes nothing when it says that it only reads",
    async run(bench, { valid }) {
      if (!bench.tool.readOnly) return;
      expect(bench.state, "a tool that says that it only reads needs `state` to prove it").toBeDefined();
      const before = await bench.state?.();
      for (const input of valid) await runTool(bench.tool, input, bench.options);
      expect(await bench.state?.()).toEqual(before);
    },
  },
  {
    id: "idempotent",
    title: "changes nothing more the second time, when it says that it is idempotent",
    async run(_bench, { open, valid }) {
      for (const input of valid) {
        const bench = await open();
        if (bench.tool.idempotent) {
          expect(
            bench.state,
            "a tool that says that it is idempotent needs `state` to prove it",
          ).toBeDefined();
          await runTool(bench.tool, input, bench.options);
          const before = await bench.state?.();
          await runTool(bench.tool, input, bench.options);
          expect(await bench.state?.(), JSON.stringify(input)).toEqual(before);
        }
        await bench.close?.();
      }
    },
  },
  {
    id: "abort",
    title: "ends soon after its signal aborts",
    async run({ tool, options }, { slow }) {
      const controller = new AbortController();
      let hasEnded = false;
      const running = runTool(tool, slow, { ...options, signal: controller.signal })
        .catch(() => "ended")
        .finally(() => {
          hasEnded = true;
        });
      await new Promise((resolve) => setImmediate(resolve));
      expect(hasEnded, "the slow call ended by itself before it could be aborted").toBe(false);
      controller.abort();
      const late = new Promise((resolve) => setTimeout(resolve, abortMs, "late").unref());
      expect(await Promise.race([running, late])).not.toBe("late");
    },
  },
];

/** What every tool promises, as vitest tests; needs vitest as the runner. */
export function toolSuite(options: ToolSuiteOptions): void {
  const { name, open, skip = {} } = options;
  describe(`tool suite: ${name}`, () => {
    test("every skip names a case and a reason", () => {
      const known = new Set(cases.map(({ id }) => id));
      const wrong = Object.entries(skip).filter(([id, reason]) => !known.has(id) || reason.trim() === "");
      expect(wrong).toEqual([]);
    });

    for (const { id, title, run } of cases.filter((toolCase) => applies(toolCase, options))) {
      test(title, async (context) => {
        const reason = skip[id];
        if (reason !== undefined) context.skip(`${id}: ${reason}`);
        const bench = await open();
        try {
          await run(bench, options);
        } finally {
          await bench.close?.();
        }
      });
    }
  });
}

function applies({ id }: ToolCase, { failing = [], slow }: ToolSuiteOptions): boolean {
  if (id === "failing-input") return failing.length > 0;
  return id !== "abort" || slow !== undefined;
}

function describeFailure(returned: ToolReturn): string | undefined {
  return isToolResult(returned) && returned.kind === "error" ? returned.message : undefined;
}
