import type { Contender } from "../measure/contender.ts";
import { type ChatChunk, chatTools, StreamedReply } from "./chat-messages.ts";
import { workByHand } from "./openai-sdk-loop.ts";
import { eachOf } from "./pool.ts";

/** The same loop on bare `fetch`: what is left when nobody cares for errors. */
export function fetchLoop(baseUrl: string): Contender {
  const respond = async (messages: readonly unknown[]): Promise<StreamedReply> => {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sk-bench" },
      body: JSON.stringify({
        model: "bench",
        messages,
        tools: chatTools,
        stream: true,
        stream_options: { include_usage: true },
      }),
    });
    if (!response.ok || response.body === null) throw new Error(`The simulator answered ${response.status}.`);
    const reply = new StreamedReply();
    const decoder = new TextDecoder();
    let rest = "";
    for await (const bytes of response.body) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data: {")) reply.add(JSON.parse(line.slice(6)) as ChatChunk);
      }
    }
    return reply;
  };
  return { round: (order) => eachOf(order, (number) => workByHand(number, respond)) };
}
