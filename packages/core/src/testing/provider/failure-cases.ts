import { inspect } from "node:util";
import { expect } from "vitest";
import { toErrorMessage } from "../../errors/to-error-message.ts";
import type { ProviderErrorCode } from "../../provider/provider-error.ts";
import { freePort } from "../free-port.ts";
import type { FarFault } from "./provider-bench.ts";
import type { ProviderCase } from "./provider-case.ts";
import { ask, benchKey, failureOf, failWith } from "./provider-case.ts";

interface Expected {
  readonly reason: ProviderErrorCode;
  readonly retryable: boolean;
  readonly status?: number;
}

/** A failure of the far side and how a provider has to report it. */
function failure(id: string, fault: FarFault, expected: Expected): ProviderCase {
  const retry = expected.retryable ? "worth a retry" : "not worth a retry";
  return {
    id,
    title: `${id.replaceAll("_", " ")}: ${expected.reason}, ${retry}, after exactly one request`,
    async run(context) {
      const error = await failWith(context, fault);
      expect(error).toMatchObject(expected);
      expect(error.provider).toMatch(/^[a-z-]+$/);
      expect(error.message.length).toBeGreaterThan(10);
      expect(context.bench.requests()).toHaveLength(1);
    },
  };
}

const serverFailed = { reason: "server_failed", retryable: true } as const;
const cut = { reason: "connection_failed", retryable: true } as const;

/** Every way to fail, and how it is reported. */
export const failureCases: readonly ProviderCase[] = [
  failure(
    "wrong_key",
    { kind: "authentication_failed" },
    { reason: "authentication_failed", retryable: false, status: 401 },
  ),
  failure(
    "no_permission",
    { kind: "permission_denied" },
    { reason: "authentication_failed", retryable: false, status: 403 },
  ),
  failure("rate_limit", { kind: "rate_limited" }, { reason: "rate_limited", retryable: true, status: 429 }),
  failure("quota", { kind: "quota_exceeded" }, { reason: "rate_limited", retryable: false }),
  failure("internal_error", { kind: "server_failed" }, { ...serverFailed, status: 500 }),
  failure("bad_gateway", { kind: "server_failed", status: 502 }, { ...serverFailed, status: 502 }),
  failure(
    "unavailable",
    { kind: "server_failed", status: 503 },
    { reason: "overloaded", retryable: true, status: 503 },
  ),
  failure("overload", { kind: "overloaded" }, { reason: "overloaded", retryable: true }),
  failure(
    "invalid_request",
    { kind: "invalid_request" },
    { reason: "invalid_request", retryable: false, status: 400 },
  ),
  failure(
    "context_window",
    { kind: "context_window_exceeded" },
    { reason: "context_window_exceeded", retryable: false },
  ),
  {
    id: "unreachable",
    title: "a server that is not there is told once, with what the system says, and worth a retry",
    async run(context) {
      const port = await freePort();
      const asked = ask(context, { settings: { baseUrl: `http://127.0.0.1:${port}/v1` } });
      const error = await failureOf(asked, "a server that is not there");
      expect(error).toMatchObject(cut);
      const text = toErrorMessage(error);
      expect(text).toContain(`127.0.0.1:${port}`);
      expect(text.match(/ECONNREFUSED/g)).toHaveLength(1);
    },
  },
  {
    id: "refused_port",
    title: "a port that fetch refuses is told at once, with what to do, and not worth a retry",
    async run(context) {
      const asked = ask(context, { settings: { baseUrl: "http://127.0.0.1:1/v1" } });
      const error = await failureOf(asked, "a port that fetch refuses");
      expect(error).toMatchObject({ reason: "connection_failed", retryable: false });
      expect(toErrorMessage(error)).toContain("fetch refuses this port");
    },
  },
  {
    id: "context_window_wrapped",
    title: "a prompt that is too long is recognised in other vendors' words too, as proxies hand them on",
    async run(context) {
      const wordings = [
        "litellm.ContextWindowExceededError: This model's maximum context length is 8192 tokens.",
        "Bedrock: prompt is too long: 210000 tokens > 200000 maximum",
        "the request exceeds the available context size, try increasing it",
        "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
      ];
      for (const message of wordings) {
        const error = await failWith(context, { kind: "invalid_request", message });
        expect(error).toMatchObject({ reason: "context_window_exceeded", retryable: false });
      }
    },
  },
  failure("filtered_prompt", { kind: "prompt_filtered" }, { reason: "content_filtered", retryable: false }),
  failure("connection_reset", { kind: "connection_reset" }, cut),
  failure("connection_cut", { kind: "stream_cut" }, cut),
  { ...failure("early_end", { kind: "stream_ended_early" }, cut), mode: "streamed" },
  failure("error_in_stream", { kind: "stream_failed" }, serverFailed),
  failure("malformed_body", { kind: "body_malformed" }, { reason: "response_malformed", retryable: true }),
  {
    id: "retry_after_seconds",
    title: "a Retry-After in seconds is told in milliseconds",
    async run(context) {
      const error = await failWith(context, { kind: "rate_limited", retryAfterMs: 7_000 });
      expect(error.retryAfterMs).toBe(7_000);
    },
  },
  {
    id: "retry_after_date",
    title: "a Retry-After as a date is told as the time from now",
    async run(context) {
      const fault = { kind: "rate_limited", retryAfterMs: 90_000, retryAfterAs: "date" } as const;
      const error = await failWith(context, fault);
      expect(error.retryAfterMs).toBeGreaterThan(80_000);
      expect(error.retryAfterMs).toBeLessThanOrEqual(91_000);
    },
  },
  {
    id: "request_id_of_failure",
    title: "a failure names the vendor's id of the request",
    async run(context) {
      const error = await failWith(context, { kind: "server_failed" });
      expect(error.requestId).toEqual(expect.stringMatching(/./));
    },
  },
  {
    id: "secrets",
    title: "the key is nowhere in an error, even when the vendor repeats it",
    async run(context) {
      const faults: readonly FarFault[] = [
        { kind: "authentication_failed", message: `Incorrect API key provided: ${benchKey}.` },
        { kind: "server_failed" },
        { kind: "connection_reset" },
        { kind: "stream_cut" },
      ];
      for (const fault of faults) {
        const error = await failWith(context, fault);
        expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(benchKey);
      }
    },
  },
];
