import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { UrlElicitationRequiredError } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";

const text = (words: string): { content: { type: "text"; text: string }[] } => ({
  content: [{ type: "text", text: words }],
});

/** Pages that somebody has been to. */
const visited = new Set<string>();

/** A server on the 1.x line of the SDK, as most are: it asks in the middle of a call. */
export function makeServer2025(): McpServer {
  const server = new McpServer(
    { name: "server-2025", version: "1.0.0" },
    { capabilities: { tools: {}, resources: {}, prompts: {} } },
  );
  let orders = 0;
  server.registerTool(
    "add",
    {
      description: "Adds two numbers.",
      inputSchema: { a: z.number(), b: z.number() },
      outputSchema: { sum: z.number() },
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => ({ ...text(String(a + b)), structuredContent: { sum: a + b } }),
  );
  server.registerTool("order", { description: "Orders a shirt." }, async (extra) => {
    orders++;
    const answer = await server.server.elicitInput(
      {
        mode: "form",
        message: "Which shirt?",
        requestedSchema: {
          type: "object",
          properties: {
            size: { type: "string", enum: ["s", "m", "l"] },
            count: { type: "integer", minimum: 1 },
          },
          required: ["size", "count"],
        },
      },
      { relatedRequestId: extra.requestId },
    );
    return text(`${answer.action} ${JSON.stringify(answer.content)}, order ${orders}`);
  });
  server.registerTool("pay", { description: "Pays." }, async (extra) => {
    const { action } = await server.server.elicitInput(
      { mode: "url", message: "Pay here.", url: "https://pay.example.com/42?a=b", elicitationId: "42" },
      { relatedRequestId: extra.requestId },
    );
    return text(`paid: ${action}`);
  });
  server.registerTool("vault", { description: "Opens the vault." }, () => {
    if (visited.has("vault")) return text("open");
    visited.add("vault");
    throw new UrlElicitationRequiredError([
      { mode: "url", message: "Unlock it.", url: "https://vault.example.com/", elicitationId: "v" },
    ]);
  });
  server.registerTool("think", { description: "Asks a model." }, async (extra) => {
    const answer = await server.server.createMessage(
      {
        messages: [{ role: "user", content: { type: "text", text: "What is six by seven?" } }],
        maxTokens: 9_999,
      },
      { relatedRequestId: extra.requestId },
    );
    return text(`the model says ${"text" in answer.content ? answer.content.text : "nothing"}`);
  });
  server.registerTool("where", { description: "Tells the roots." }, async (extra) => {
    const { roots } = await server.server.listRoots(undefined, { relatedRequestId: extra.requestId });
    return text(roots.map(({ uri }) => uri).join());
  });
  server.registerResource("readme", "doc://readme", { mimeType: "text/plain" }, (uri) => ({
    contents: [{ uri: uri.href, text: "Read me." }],
  }));
  return server;
}
