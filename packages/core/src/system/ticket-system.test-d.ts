import { expectTypeOf } from "vitest";
import { z } from "zod";
import type { JsonValue } from "../util/json.ts";
import type { Agent } from "./agent.ts";
import type { TicketHandle } from "./ticket-handle.ts";
import type { TicketSystem } from "./ticket-system.ts";

declare const tickets: TicketSystem;
declare const agent: Agent;

const Finding = z.object({ line: z.number(), at: z.string().transform((text) => new Date(text)) });

/** A result has the type of what its schema parses to. */
export async function results(): Promise<void> {
  const typed = await tickets.task("audit", { schema: Finding });
  expectTypeOf(typed).toEqualTypeOf<TicketHandle<{ line: number; at: Date }>>();
  expectTypeOf(await typed.result()).toEqualTypeOf<{ line: number; at: Date }>();

  const plain = await tickets.task("audit");
  expectTypeOf(await plain.result()).toEqualTypeOf<JsonValue>();

  const document = await tickets.task("audit", { schema: { type: "object" } });
  expectTypeOf(await document.result()).toEqualTypeOf<JsonValue>();

  expectTypeOf(await agent.run("audit", { schema: Finding })).toEqualTypeOf<{ line: number; at: Date }>();
  expectTypeOf(await agent.run("audit")).toEqualTypeOf<JsonValue>();

  const many = await tickets.tasks([{ task: "a", schema: Finding }]);
  expectTypeOf(many).toEqualTypeOf<readonly TicketHandle<{ line: number; at: Date }>[]>();
}

/** An event has the fields of its type. */
export function events(): void {
  tickets.on("ticket_failed", (event) => {
    expectTypeOf(event.type).toEqualTypeOf<"ticket_failed">();
    expectTypeOf(event.failure.message).toEqualTypeOf<string>();
  });
}

/** The contract of a label types its tasks and its results. */
export async function contracts(): Promise<void> {
  const audit = tickets.contract("audit", { input: z.object({ path: z.string() }), result: Finding });
  expectTypeOf(audit.task).parameter(0).toEqualTypeOf<{ path: string }>();
  const handle = await audit.task({ path: "a.ts" });
  expectTypeOf(await handle.result()).toEqualTypeOf<{ line: number; at: Date }>();
}
