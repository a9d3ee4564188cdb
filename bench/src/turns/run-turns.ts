// The process of one way to work long tickets: measures its turns, tells what they cost, and ends.
import { defineModel, type Model, type ModelRequest } from "@agentwerk/core";
import { answer } from "../contenders/in-process-model.ts";
import { lookupName } from "../contenders/the-work.ts";
import { simulatorVariable } from "../simulators/simulator-process.ts";
import { workLongTickets, workLongTicketsByHand } from "./long-tickets.ts";
import { TurnMeter, turnsPerTicket } from "./turn-meter.ts";

const meter = new TurnMeter();
/** So large that nothing is summarised on the way. */
const contextWindow = 10_000_000;
const baseUrl = process.env[simulatorVariable] ?? "";

switch (process.argv[2]) {
  case "memory":
    await workLongTickets({ count: 16, model: inProcess(), meter });
    break;
  case "sqlite": {
    const { sqliteFolder } = await import("../contenders/sqlite-folder.ts");
    await workLongTickets({ count: 8, model: inProcess(), meter, store: sqliteFolder("process") });
    break;
  }
  case "http": {
    const { openai } = await import("@agentwerk/openai");
    watchFetch();
    await workLongTickets({
      count: 6,
      model: openai("bench", { baseUrl, apiKey: "sk-bench", contextWindow, env: {} }),
      meter,
    });
    break;
  }
  case "sdk": {
    const { OpenAI } = await import("openai");
    watchFetch();
    const client = new OpenAI({ baseURL: baseUrl, apiKey: "sk-bench", maxRetries: 0 });
    await workLongTicketsByHand({ count: 6, client, meter });
    break;
  }
  default:
    throw new Error(`There is no way ${process.argv[2]}.`);
}
process.send?.(meter.costs(), () => process.exit(0));

/** Answers at once. The number of messages says which turn it is; each asks for another item, as no loop would. */
function inProcess(): Model {
  return defineModel({
    name: "in-process",
    contextWindow,
    provider: {
      name: "in-process",
      async respond({ messages, model }: ModelRequest) {
        meter.mark(() => JSON.stringify(messages).length);
        const isLast = messages.length >= 2 * turnsPerTicket - 1;
        const response = answer({ messages: isLast ? messages.slice(-1) : [], model });
        const id = String(messages.length);
        return isLast
          ? response
          : { ...response, content: [{ type: "tool_call", id, name: lookupName, input: { id } }] };
      },
    },
  });
}

/** Both ways over HTTP send by the global fetch. */
function watchFetch(): void {
  const send = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const body = init?.body;
    meter.mark(() => (typeof body === "string" ? Buffer.byteLength(body) : Number.NaN));
    return send(input, init);
  };
}
