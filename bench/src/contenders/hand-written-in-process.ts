import type { Message, ModelRequest, ModelResponse } from "@agentwerk/core";
import type { Contender } from "../measure/contender.ts";
import { answer } from "./in-process-model.ts";
import { eachOf } from "./pool.ts";
import { lookup, role, taskOf } from "./the-work.ts";

/** The loop that one writes in ten minutes: no queue, no schema, no events, nothing kept. */
export function handWrittenInProcess(): Contender {
  const respond = async (
    request: Pick<ModelRequest, "messages" | "model" | "system">,
  ): Promise<ModelResponse> => answer(request);
  const work = async (number: number): Promise<unknown> => {
    const messages: Message[] = [{ role: "user", content: [{ type: "text", text: taskOf(number) }] }];
    for (;;) {
      const { content } = await respond({ model: "in-process", system: role, messages });
      messages.push({ role: "assistant", content });
      for (const block of content) {
        if (block.type !== "tool_call") continue;
        if (block.name === "write_result") return block.input;
        const text = lookup((block.input as { readonly id: string }).id);
        messages.push({
          role: "tool",
          content: [{ type: "tool_result", callId: block.id, content: [{ type: "text", text }] }],
        });
      }
    }
  };
  return {
    async round(order) {
      const results: unknown[] = [];
      await eachOf(order, async (number) => {
        results.push(await work(number));
      });
      if (results.length !== order.tickets) throw new Error("Some tickets were not done.");
    },
  };
}
