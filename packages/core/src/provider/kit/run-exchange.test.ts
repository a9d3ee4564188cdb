import { inspect } from "node:util";
import { expect, test } from "vitest";
import { toErrorMessage } from "../../errors/to-error-message.ts";
import { freePort } from "../../testing/free-port.ts";
import type { Endpoint } from "./endpoint.ts";
import { runExchange } from "./run-exchange.ts";

const endpoint: Endpoint = {
  providerName: "far",
  apiKey: undefined,
  baseUrl: "http://127.0.0.1",
  isOfficial: false,
  headers: {},
  timeoutMs: 10_000,
  idleTimeoutMs: 10_000,
};

/** What a request to `url` fails with, as the SDKs of vendors throw it. */
function failAt(url: string): Promise<unknown> {
  return failWith(async () => {
    await fetch(url).catch((cause: unknown) => {
      throw new Error("Connection error.", { cause });
    });
  });
}

function failWith(request: () => Promise<void>): Promise<unknown> {
  const vendor = { keyVariable: "FAR_API_KEY" };
  const exchange = runExchange({ endpoint, vendor, signal: undefined }, async () => {
    await request();
    throw new Error("It was answered.");
  });
  return exchange.catch((thrown: unknown) => thrown);
}

test("a server that is not there is told once, with what the system says", async () => {
  const port = await freePort();
  const error = await failAt(`http://127.0.0.1:${port}`);
  expect(error).toMatchObject({ reason: "connection_failed", retryable: true });
  expect(toErrorMessage(error)).toBe(
    `The connection to 127.0.0.1 failed. fetch failed: connect ECONNREFUSED 127.0.0.1:${port}`,
  );
});

test.each([
  ["http://127.0.0.1:1", "fetch refuses this port; give the server another one, and name it in baseUrl."],
  ["http://me:secret@127.0.0.1:2", "fetch refuses a name or a password in baseUrl; send them in headers."],
])("%s is refused at once, with what to do", async (url, advice) => {
  const error = await failAt(url);
  expect(error).toMatchObject({ reason: "connection_failed", retryable: false });
  expect(toErrorMessage(error)).toBe(`The connection to 127.0.0.1 failed. ${advice}`);
  expect(inspect(error)).not.toContain("secret");
});

test("an error that is its own cause, at once or round a circle, is told", async () => {
  const own = new Error("own");
  own.cause = own;
  const round = new Error("round");
  round.cause = new Error("and round", { cause: round });
  for (const [thrown, told] of [
    [own, "own"],
    [round, "round: and round"],
  ] as const) {
    const error = await failWith(() => Promise.reject(thrown));
    expect(error).toMatchObject({
      reason: "connection_failed",
      message: `The connection to 127.0.0.1 failed. ${told}`,
    });
  }
});
