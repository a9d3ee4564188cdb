import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textBlock } from "../provider/content.ts";
import type { Reply, ReplyDraft } from "../ticket/reply.ts";
import { readConversation } from "./read-conversation.ts";

const comment: ReplyDraft = { message: { role: "user", content: [textBlock("said")] }, purpose: "comment" };

function turn(calls: number): readonly ReplyDraft[] {
  const ids = Array.from({ length: calls }, (_, index) => `c${index}`);
  const content = ids.map((id) => ({ type: "tool_call" as const, id, name: "t", input: {} }));
  const answer: ReplyDraft = {
    message: { role: "assistant", content: calls === 0 ? [textBlock("hm")] : content },
    purpose: "answer",
  };
  return [
    answer,
    ...ids.map(
      (callId): ReplyDraft => ({
        message: { role: "tool", content: [{ type: "tool_result", callId, content: [textBlock("r")] }] },
        purpose: "tool_results",
      }),
    ),
  ];
}

function numbered(drafts: readonly ReplyDraft[]): readonly Reply[] {
  return drafts.map((draft, index) => ({ ...draft, index, at: 0 }));
}

describe("reading a conversation", () => {
  it("keeps every message, and results right behind their calls, wherever people spoke", () => {
    const turns = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 5 });
    fc.assert(
      fc.property(turns, fc.array(fc.nat(30), { maxLength: 5 }), (shape, places) => {
        const drafts = shape.flatMap(turn);
        for (const place of places) drafts.splice(place % (drafts.length + 1), 0, comment);
        const { messages, held } = readConversation(numbered(drafts));

        expect(messages.length + held.length).toBe(drafts.length);
        let open = 0;
        for (const message of messages) {
          if (message.role === "tool") open -= message.content.length;
          else expect(open).toBe(0);
          if (message.role === "assistant")
            open = message.content.filter(({ type }) => type === "tool_call").length;
        }
      }),
    );
  });

  it("puts comments behind the answer that was made without them, and behind the results of its calls", () => {
    const heard = (count: number, calls: number): readonly ReplyDraft[] =>
      turn(calls).map((draft) => (draft.purpose === "answer" ? { ...draft, heard: count } : draft));
    const { messages, turns, comments } = readConversation(
      numbered([comment, ...heard(1, 1), comment, comment, ...heard(1, 1), ...heard(3, 0)]),
    );

    expect(messages.map(({ role }) => role).join(" ")).toBe(
      "user assistant tool assistant tool user user assistant",
    );
    expect({ turns, comments }).toEqual({ turns: 1, comments: 3 });
  });

  it("counts turns and corrections since a person last spoke", () => {
    const directive: ReplyDraft = {
      message: { role: "user", content: [textBlock("go on")] },
      purpose: "directive",
    };
    const counted = readConversation(
      numbered([...turn(0), directive, comment, ...turn(0), directive, ...turn(1)]),
    );

    expect(counted).toMatchObject({ answers: 3, turns: 2, schemaRetries: 1 });
  });
});
