import type { RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ModelResponse } from "@agentwerk/core";
import { afterEach, expect, test } from "vitest";
import type { OpenAIProviderOptions } from "./openai-options.ts";
import { openaiProvider } from "./openai-provider.ts";

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
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

interface AskOptions extends OpenAIProviderOptions {
  readonly streamed?: boolean;
}

function ask(baseUrl: string, { streamed = false, ...options }: AskOptions = {}): Promise<ModelResponse> {
  const request = { model: "m", system: "", messages: [], tools: [], toolChoice: "auto" } as const;
  const provider = openaiProvider({ baseUrl, env: {}, ...options });
  return provider.respond(request, streamed ? { onEvent: () => undefined } : {});
}

function askFor(completion: object, streamed = false): Promise<ModelResponse> {
  return serve((_, response) => {
    response.setHeader("content-type", streamed ? "text/event-stream" : "application/json");
    response.end(
      streamed ? `data: ${JSON.stringify(completion)}\n\ndata: [DONE]\n\n` : JSON.stringify(completion),
    );
  }).then((url) => ask(url, { streamed }));
}

test.each([
  ["chat", "/v1/chat/completions"],
  ["responses", "/v1/responses"],
] as const)(
  "a query of the base URL, as some deployments want one, stays behind the path: %s",
  async (api, path) => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(400).end("{}");
    });
    await expect(ask(`${url}?api-version=2026-01-01`, { api })).rejects.toMatchObject({ status: 400 });
    expect(asked).toEqual([`${path}?api-version=2026-01-01`]);
  },
);

const says = (finishReason: string, more: object = {}): object => {
  const words = { content: "It is fo" };
  return { choices: [{ message: words, delta: words, finish_reason: finishReason, ...more }] };
};

for (const streamed of [false, true]) {
  const way = streamed ? "streamed" : "whole";

  test.each(["error", "abort", "network_error", "insufficient_system_resource"])(
    `a reply that ended with %s is a failure worth a retry and no answer, ${way}`,
    async (finishReason) => {
      const failed = { reason: "server_failed", retryable: true };
      await expect(askFor(says(finishReason), streamed)).rejects.toMatchObject(failed);
    },
  );

  test(`an error that stands in the choice is told, ${way}`, async () => {
    const error = { code: 429, message: "The model is busy." };
    await expect(askFor(says("error", { error }), streamed)).rejects.toMatchObject({
      reason: "rate_limited",
      message: expect.stringContaining("The model is busy."),
    });
  });

  test.each([
    ["sensitive", "refusal"],
    ["model_context_window_exceeded", "max_output_tokens"],
    ["eos", "end_turn"],
  ])(`a reply that ended with %s is read as %s, ${way}`, async (finishReason, stopReason) => {
    expect(await askFor(says(finishReason), streamed)).toMatchObject({ stopReason });
  });

  test.each(["0.01", -1, null, {}])(`a cost that is %j is none, ${way}`, async (cost) => {
    const completion = { ...says("stop"), usage: { prompt_tokens: 1, completion_tokens: 1, cost } };
    expect((await askFor(completion, streamed)).cost).toBeUndefined();
  });

  for (const api of ["chat", "responses"] as const) {
    test(`a page in the place of a reply cannot be read, ${api}, ${way}`, async () => {
      const url = await serve((_, response) => {
        response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>");
      });
      await expect(ask(url, { api, streamed })).rejects.toMatchObject({ reason: "response_malformed" });
    });

    test(`a redirect is not followed: conversation and headers stay here, ${api}, ${way}`, async () => {
      let received = 0;
      const elsewhere = await serve((_, response) => {
        received += 1;
        response.end("{}");
      });
      const location = `${elsewhere}?token=hidden`;
      const url = await serve((_, response) => response.writeHead(307, { location }).end());
      const asked = ask(url, { api, streamed, apiKey: "key-1", headers: { "x-secret": "secret" } });
      await expect(asked).rejects.toMatchObject({
        reason: "invalid_request",
        status: 307,
        message: expect.stringContaining(`openai redirects to ${new URL(elsewhere).origin} (status 307)`),
      });
      expect(received).toBe(0);
    });
  }
}
