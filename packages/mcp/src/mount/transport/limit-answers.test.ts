import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { listen } from "../../testing/http-servers.ts";
import { mount } from "../../testing/mount.ts";
import { mostAnswers } from "./limit-answers.ts";

const questions = 1_000;

it("a server that asks without end and takes no answer does not get all our sockets", async () => {
  let held = 0;
  let answerCall = (): void => {};
  const url = await listen(async (request, response) => {
    if (request.method !== "POST") return void response.writeHead(405).end();
    const { id, method } = JSON.parse(await text(request)) as { id?: number | string; method?: string };
    if (method === undefined) {
      // Never answered; the call is, once as many are there as there can be.
      held++;
      if (held === mostAnswers) setTimeout(() => answerCall(), 500);
      return;
    }
    if (id === undefined) return void response.writeHead(202).end();
    const send = (message: object): string => `data: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`;
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (method === "tools/call") {
      for (let question = 0; question < questions; question++)
        response.write(send({ id: `q${question}`, method: "ping" }));
      answerCall = () => response.end(send({ id, result: { content: [{ type: "text", text: "well" }] } }));
      return;
    }
    const results: Record<string, object> = {
      initialize: {
        protocolVersion: "2025-11-25",
        capabilities: { tools: {} },
        serverInfo: { name: "asks", version: "1" },
      },
      "tools/list": { tools: [{ name: "work", inputSchema: { type: "object" } }] },
    };
    const result = results[method];
    response.end(send({ id, ...(result ? { result } : { error: { code: -32601, message: "unknown" } }) }));
  });
  const { call } = await mount({ asks: { url } });

  expect(JSON.stringify(await call("asks__work", {}))).toContain("well");
  expect(held).toBe(mostAnswers);
});
