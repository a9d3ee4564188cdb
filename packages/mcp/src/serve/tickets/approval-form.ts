import type { ElicitRequestFormParams } from "@modelcontextprotocol/server";
import { z } from "zod";
import { showExactly } from "./show-exactly.ts";

/** What a person answered to an elicitation. */
export interface Elicited {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: Readonly<Record<string, unknown>> | undefined;
}

export const elicited: z.ZodType<Elicited> = z.object({
  action: z.enum(["accept", "decline", "cancel"]),
  content: z.record(z.string(), z.unknown()).optional(),
});

export type Decision = { readonly kind: "approve" } | { readonly kind: "reject"; readonly reason?: string };

/** The question whether a call may run, for `elicitation/create`. */
export function approvalForm(
  ticket: string,
  { tool, input }: { readonly tool: string; readonly input: unknown },
): ElicitRequestFormParams {
  return {
    mode: "form",
    message: `${ticket} wants to call ${tool} with ${showExactly(input)}`,
    requestedSchema: {
      type: "object",
      properties: {
        decision: { type: "string", title: "Decision", enum: ["approve", "reject"] },
        reason: { type: "string", title: "Reason", description: "For a rejection; the agent reads it." },
      },
      required: ["decision"],
    },
  };
}

/** What the person decided; undefined for one who did not. Only the very word approves. */
export function readDecision(given: Elicited | undefined): Decision | undefined {
  if (given === undefined || given.action === "cancel") return undefined;
  const { decision, reason } = given.content ?? {};
  if (given.action === "accept" && decision === "approve") return { kind: "approve" };
  return { kind: "reject", ...(typeof reason === "string" && { reason }) };
}
