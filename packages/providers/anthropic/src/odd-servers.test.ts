import type { RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ModelResponse } from "@agentwerk/core";
import { afterEach, describe, expect, test } from "vitest";
import { anthropicProvider } from "./anthropic-provider.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function ask(baseUrl: string, streamed: boolean): Promise<ModelResponse> {
  const provider = anthropicProvider({
    baseUrl,
    env: {},
    apiKey: "key-1",
    headers: { "x-secret": "secret" },
  });
  const request = { model: "m", system: "", messages: [], tools: [], toolChoice: "auto" } as const;
  return provider.respond(request, streamed ? { onEvent: () => undefined } : {});
}

describe.each([
  { way: "whole", streamed: false },
  { way: "streamed", streamed: true },
])("a server that is something else, $way", ({ streamed }) => {
  test("a page in the place of a reply cannot be read", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>");
    });
    await expect(ask(url, streamed)).rejects.toMatchObject({ reason: "response_malformed" });
  });

  test("a redirect is not followed: conversation and headers stay here", async () => {
    let received = 0;
    const elsewhere = await serve((_, response) => {
      received += 1;
      response.end("{}");
    });
    const location = `${elsewhere}/?token=hidden`;
    const url = await serve((_, response) => response.writeHead(307, { location }).end());
    await expect(ask(url, streamed)).rejects.toMatchObject({
      reason: "invalid_request",
      status: 307,
      message: expect.stringContaining(`anthropic redirects to ${new URL(elsewhere).origin} (status 307)`),
    });
    expect(received).toBe(0);
  });
});
