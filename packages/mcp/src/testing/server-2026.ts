import { acceptedContent, inputRequired, inputResponse, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";

const text = (words: string): { content: { type: "text"; text: string }[] } => ({
  content: [{ type: "text", text: words }],
});

let orders = 0;

/** A server on the 2.x line of the SDK: what it wants to know stands in its results. */
export function makeServer2026(): McpServer {
  const server = new McpServer(
    { name: "server-2026", version: "1.0.0" },
    { capabilities: { tools: {}, resources: {} } },
  );
  server.registerTool(
    "add",
    {
      description: "Adds two numbers.",
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => ({ ...text(String(a + b)), structuredContent: { sum: a + b } }),
  );
  server.registerTool("order", { description: "Orders a shirt." }, (ctx) => {
    const shirt = inputResponse(ctx.mcpReq.inputResponses, "shirt");
    if (shirt.kind === "missing") {
      orders++;
      return inputRequired({
        requestState: `order ${orders}`,
        inputRequests: {
          shirt: inputRequired.elicit({
            message: "Which shirt?",
            requestedSchema: {
              type: "object",
              properties: {
                size: { type: "string", enum: ["s", "m", "l"] },
                count: { type: "integer", minimum: 1 },
              },
              required: ["size", "count"],
            },
          }),
        },
      });
    }
    const content = acceptedContent(ctx.mcpReq.inputResponses, "shirt");
    const action = shirt.kind === "elicit" ? shirt.action : shirt.kind;
    return text(`${action} ${JSON.stringify(content)}, ${ctx.mcpReq.requestState<string>()}`);
  });
  server.registerTool("pay", { description: "Pays." }, (ctx) => {
    const payment = inputResponse(ctx.mcpReq.inputResponses, "payment");
    if (payment.kind === "elicit") return text(`paid: ${payment.action}`);
    return inputRequired({
      inputRequests: {
        payment: inputRequired.elicitUrl({ message: "Pay here.", url: "https://pay.example.com/42?a=b" }),
      },
    });
  });
  server.registerTool("think", { description: "Asks a model." }, (ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, "thought");
    if (answer.kind === "missing") {
      return inputRequired({
        inputRequests: {
          thought: inputRequired.createMessage({
            messages: [{ role: "user", content: { type: "text", text: "What is six by seven?" } }],
            maxTokens: 9_999,
          }),
        },
      });
    }
    return text(`the model says ${JSON.stringify(answer)}`);
  });
  server.registerTool("where", { description: "Tells the roots." }, (ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, "roots");
    if (answer.kind === "missing") {
      return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
    }
    return text(JSON.stringify(answer));
  });
  server.registerResource("readme", "doc://readme", { mimeType: "text/plain" }, (uri) => ({
    contents: [{ uri: uri.href, text: "Read me." }],
  }));
  return server;
}
