import { inspect } from "node:util";
import { type ModelRequest, toErrorMessage } from "@agentwerk/core";
import { expect, test } from "vitest";
import { litellmProvider } from "./litellm-provider.ts";

const request: ModelRequest = {
  model: "m",
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "Hello." }] }],
  tools: [],
  toolChoice: "auto",
};

function fail(baseUrl: string): Promise<unknown> {
  const provider = litellmProvider({ apiKey: "sk-0123456789", baseUrl, env: {} });
  return provider.respond(request, {}).catch((thrown: unknown) => thrown);
}

test.each([
  ["http://127.0.0.1:1/v1", "fetch refuses this port; give the server another one, and name it in baseUrl."],
  ["http://me:secret@127.0.0.1:2/v1", "fetch refuses a name or a password in baseUrl; send them in headers."],
])("%s is refused at once, with what to do", async (baseUrl, advice) => {
  const error = await fail(baseUrl);
  expect(error).toMatchObject({ reason: "connection_failed", retryable: false });
  expect(toErrorMessage(error)).toBe(`The connection to ${new URL(baseUrl).host} failed. ${advice}`);
  expect(inspect(error)).not.toContain("secret");
});
