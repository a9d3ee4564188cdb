import { expectTypeOf } from "vitest";
import { z } from "zod";
import type { JsonValue } from "../util/json.ts";
import { defineTool } from "./define-tool.ts";

defineTool({
  name: "typed",
  description: "The input has the type that its schema parses to.",
  input: z.object({ path: z.string(), depth: z.number().default(1) }),
  run(input, { signal, callId }) {
    expectTypeOf(input).toEqualTypeOf<{ path: string; depth: number }>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    expectTypeOf(callId).toEqualTypeOf<string>();
    return { anything: [1, null] };
  },
});

defineTool({
  name: "untyped",
  description: "A JSON Schema document gives JSON.",
  input: { type: "object" },
  run(input) {
    expectTypeOf(input).toEqualTypeOf<JsonValue>();
  },
});
