import { defineTool, type Model, memoryStore, type TicketStore, TicketSystem } from "@agentwerk/core";
import type { OpenAI } from "openai";
import { chatTools, StreamedReply } from "../contenders/chat-messages.ts";
import {
  lookupDescription,
  lookupName,
  lookupSchema,
  resultSchema,
  role,
  taskOf,
} from "../contenders/the-work.ts";
import { type TurnMeter, turnsPerTicket } from "./turn-meter.ts";

/** What the tool answers in each turn: 500 characters. */
const entry = "This item is in stock on the third shelf. ".repeat(12).slice(0, 500);

/** Tickets of many turns, one after the other, worked by our own loop. */
export async function workLongTickets(options: {
  readonly count: number;
  readonly model: Model;
  readonly meter: TurnMeter;
  readonly store?: () => TicketStore;
}): Promise<void> {
  const { count, model, meter, store = memoryStore } = options;
  const opened = store();
  const tickets = new TicketSystem({
    store: opened,
    policy: { maxTurns: turnsPerTicket + 10 },
    agents: [
      {
        model,
        role,
        tools: [
          defineTool({
            name: lookupName,
            description: lookupDescription,
            input: lookupSchema,
            readOnly: true,
            run: () => entry,
          }),
        ],
      },
    ],
  });
  tickets.on("text_chunk_received", () => {});
  for (let number = 0; number < count; number++) {
    meter.beginTicket();
    const handle = await tickets.task(taskOf(number), { schema: resultSchema });
    await tickets.runDry();
    await handle.result();
  }
  await tickets.close();
  await opened.close();
}

/** The same by hand on the vendor's SDK. */
export async function workLongTicketsByHand(options: {
  readonly count: number;
  readonly client: OpenAI;
  readonly meter: TurnMeter;
}): Promise<void> {
  for (let number = 0; number < options.count; number++) {
    options.meter.beginTicket();
    await workByHand(number, options.client);
  }
}

async function workByHand(number: number, client: OpenAI): Promise<void> {
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: "system", content: role },
    { role: "user", content: taskOf(number) },
  ];
  for (;;) {
    const stream = await client.chat.completions.create({
      model: "bench",
      messages,
      tools: chatTools,
      stream: true,
      stream_options: { include_usage: true },
    });
    const reply = new StreamedReply();
    for await (const chunk of stream) reply.add(chunk);
    messages.push(reply.toMessage());
    for (const call of reply.calls) {
      JSON.parse(call.arguments);
      if (call.name === "write_result") return;
      messages.push({ role: "tool", tool_call_id: call.id, content: entry });
    }
  }
}
