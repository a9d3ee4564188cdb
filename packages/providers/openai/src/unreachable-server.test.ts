import { createServer } from "node:http";
import { type ModelRequest, toErrorMessage } from "@agentwerk/core";
import { expect, test } from "vitest";
import { openaiProvider } from "./openai-provider.ts";

const request: ModelRequest = {
  model: "m",
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "Hello." }] }],
  tools: [],
  toolChoice: "auto",
};

function fail(baseUrl: string): Promise<unknown> {
  const provider = openaiProvider({ apiKey: "sk-0123456789", baseUrl, env: {} });
  return provider.respond(request, {}).catch((thrown: unknown) => thrown);
}

test("a server that is not there is told once, with what the system says", async () => {
  const port = await freePort();
  const error = await fail(`http://127.0.0.1:${port}/v1`);
  expect(error).toMatchObject({ reason: "connection_failed", retryable: true });
  expect(toErrorMessage(error)).toBe(
    `The connection to 127.0.0.1:${port} failed. fetch failed: connect ECONNREFUSED 127.0.0.1:${port}`,
  );
});

test("a port that fetch refuses is told at once, with what to do", async () => {
  const error = await fail("http://127.0.0.1:1/v1");
  expect(error).toMatchObject({ reason: "connection_failed", retryable: false });
  expect(toErrorMessage(error)).toContain("fetch refuses this port");
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
