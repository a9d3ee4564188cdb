import type { ReplyDraft } from "@agentwerk/core";
import { z } from "zod";

export const savedSessionVersion = 1;

export interface SavedSession {
  readonly task: string;
  readonly replies: readonly ReplyDraft[];
}

const text = z.strictObject({ type: z.literal("text"), text: z.string() });
const file = { mediaType: z.string(), data: z.string() };
const image = z.strictObject({ type: z.literal("image"), ...file });
const document = z.strictObject({ type: z.literal("document"), ...file, name: z.string().exactOptional() });
const reasoning = z.strictObject({
  type: z.literal("reasoning"),
  text: z.string(),
  signature: z.string().exactOptional(),
  redacted: z.boolean().exactOptional(),
  provider: z.string(),
});
const call = z.strictObject({
  type: z.literal("tool_call"),
  id: z.string(),
  name: z.string(),
  input: z.json(),
  malformedInput: z.string().exactOptional(),
});
const result = z.strictObject({
  type: z.literal("tool_result"),
  callId: z.string(),
  content: z.array(z.discriminatedUnion("type", [text, image, document])),
  isError: z.boolean().exactOptional(),
});

const message = z.discriminatedUnion("role", [
  z.strictObject({
    role: z.literal("user"),
    content: z.array(z.discriminatedUnion("type", [text, image, document])),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.array(z.discriminatedUnion("type", [text, reasoning, call])),
  }),
  z.strictObject({ role: z.literal("tool"), content: z.array(result) }),
]);

const purposes = ["prompt", "answer", "tool_results", "directive", "comment", "summary"] as const;

/** A file that `/save` wrote. A person can have changed it, and a stranger can have made it. */
export const savedSessionSchema: z.ZodType<SavedSession> = z.strictObject({
  version: z.literal(savedSessionVersion),
  task: z.string().min(1),
  replies: z
    .array(
      z.strictObject({
        message,
        purpose: z.enum(purposes),
        author: z.string().exactOptional(),
        keeps: z.int().nonnegative().exactOptional(),
        heard: z.int().nonnegative().exactOptional(),
      }),
    )
    .min(1),
});
