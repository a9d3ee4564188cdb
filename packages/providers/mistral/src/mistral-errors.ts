import type { ProviderErrorCode } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import type { Failure, FailureBody, VendorErrors } from "@agentwerk/core/provider-kit";

/** What Mistral says in errors beyond what all vendors say. */
export const mistralErrors: VendorErrors = {
  keyVariable: "MISTRAL_API_KEY",
  bodyOf: readBody,
  reasonOf: toReason,
  isFinal: (failure) => failure.status === 402,
};

/** The SDK keeps the body as text; the API writes `{ message, type, code }`, the gateway before it `{ detail }`. */
function readBody(thrown: unknown): FailureBody | undefined {
  if (typeof thrown !== "object" || thrown === null || !("body" in thrown)) return undefined;
  if (typeof thrown.body !== "string") return undefined;
  const body = parse(thrown.body);
  if (!isJsonObject(body)) return { message: `status without an explanation: ${thrown.body.slice(0, 200)}` };
  const inner = isJsonObject(body.error) ? body.error : body;
  return { message: toText(inner.message ?? inner.detail), type: inner.type, code: inner.code };
}

/** A validation error lists what is wrong, each with its place. */
function toText(message: unknown): string {
  if (typeof message === "string") return message;
  const list = isJsonObject(message) ? message.detail : message;
  if (!Array.isArray(list)) return JSON.stringify(message ?? "no explanation");
  return list.map((entry) => describe(entry)).join("; ");
}

function describe(entry: unknown): string {
  if (!isJsonObject(entry)) return String(entry);
  const place = Array.isArray(entry.loc) ? `${entry.loc.join(".")}: ` : "";
  return place + String(entry.msg ?? entry.type);
}

function toReason({ status, type, message }: Failure): ProviderErrorCode | undefined {
  if (status === 402) return "rate_limited";
  if (type === "service_tier_capacity_exceeded") return "overloaded";
  // The wording is not published; a request that a guardrail stopped is no wrong key, though the status is 403.
  if (/guardrail|content moderation/i.test(`${String(type)} ${message}`)) return "content_filtered";
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
