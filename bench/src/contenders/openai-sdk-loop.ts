import { OpenAI } from "openai";
import type { Contender } from "../measure/contender.ts";
import { chatTools, StreamedReply } from "./chat-messages.ts";
import { eachOf } from "./pool.ts";
import { lookup, role, taskOf } from "./the-work.ts";

/** A loop written by hand on the vendor's SDK, streaming, with the tools and requests of our own agent. */
export function openaiSdkLoop(baseURL: string): Contender {
  const client = new OpenAI({ baseURL, apiKey: "sk-bench", maxRetries: 0 });
  const respond = async (messages: OpenAI.ChatCompletionMessageParam[]): Promise<StreamedReply> => {
    const stream = await client.chat.completions.create({
      model: "bench",
      messages,
      tools: chatTools,
      stream: true,
      stream_options: { include_usage: true },
    });
    const reply = new StreamedReply();
    for await (const chunk of stream) reply.add(chunk);
    return reply;
  };
  return { round: (order) => eachOf(order, (number) => workByHand(number, respond)) };
}

/** Asks until the result is written. */
export async function workByHand(
  number: number,
  respond: (messages: OpenAI.ChatCompletionMessageParam[]) => Promise<StreamedReply>,
): Promise<void> {
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: "system", content: role },
    { role: "user", content: taskOf(number) },
  ];
  for (;;) {
    const reply = await respond(messages);
    messages.push(reply.toMessage());
    for (const call of reply.calls) {
      const input = JSON.parse(call.arguments) as { readonly id: string };
      if (call.name === "write_result") return;
      messages.push({ role: "tool", tool_call_id: call.id, content: lookup(input.id) });
    }
  }
}
