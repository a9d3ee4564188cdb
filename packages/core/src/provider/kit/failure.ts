import { causesOf } from "../../errors/causes-of.ts";
import type { HeaderSource } from "./retry-after.ts";

/** What the errors of the vendors' SDKs have in common, read by shape: there may be several copies of an SDK. */
export interface Failure {
  readonly status: number | undefined;
  readonly headers: HeaderSource | undefined;
  readonly code: unknown;
  readonly type: unknown;
  readonly message: string;
}

/** The part of a {@link Failure} that vendors write into the body. */
export interface FailureBody {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
}

export function readFailure(thrown: unknown, body: FailureBody | undefined): Failure {
  const fields = fieldsOf(thrown);
  const status = fields.status ?? fields.statusCode;
  return {
    status: typeof status === "number" ? status : undefined,
    headers: isHeaderSource(fields.headers) ? fields.headers : undefined,
    code: body?.code ?? fields.code,
    type: body?.type ?? fields.type,
    message: typeof body?.message === "string" && body.message !== "" ? body.message : toText(thrown),
  };
}

/** An error that came in the body of a reply or as an event of a stream; some proxies answer 200 with it. */
export function bodyError(error: unknown, headers: HeaderSource | undefined): Error {
  const details = typeof error === "object" && error !== null ? error : { message: String(error) };
  const { message, code, type } = details as FailureBody;
  const status = toStatus(code);
  const text = typeof message === "string" ? message : "the server sent an error";
  return Object.assign(new Error(text), { error: details, code, type, status, headers });
}

/** LiteLLM writes it as text. */
function toStatus(code: unknown): number | undefined {
  const number = typeof code === "string" && /^\d+$/.test(code) ? Number(code) : code;
  return typeof number === "number" && number >= 400 && number < 600 ? number : undefined;
}

export function requestIdOf(headers: HeaderSource): string | undefined {
  for (const name of [
    "x-request-id",
    "request-id",
    "mistral-correlation-id",
    "x-kong-request-id",
    "x-litellm-call-id",
  ]) {
    const id = headers.get(name);
    if (id !== null && id !== "") return id;
  }
  return undefined;
}

/** True for an error that has a body but no status: it came in the middle of a stream. */
export function hasErrorBody(thrown: unknown): boolean {
  const { error } = fieldsOf(thrown);
  return typeof error === "object" && error !== null;
}

/** Not JSON, or not of the shape that was read; the type errors of fetch always have a cause. */
export function isMalformed(thrown: unknown): boolean {
  return thrown instanceof SyntaxError || (thrown instanceof TypeError && thrown.cause === undefined);
}

export function isTimeout(thrown: unknown): boolean {
  return causesOf(thrown).some((error) => {
    const code = "code" in error ? String(error.code) : "";
    return (
      /TIMEOUT|ETIMEDOUT/.test(code) || (error instanceof Error && /Timeout/.test(error.constructor.name))
    );
  });
}

/** With the innermost cause: "fetch failed" and "terminated" alone say nothing. */
function toText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const innermost = causesOf(thrown).findLast((cause) => cause instanceof Error);
  if (innermost === undefined || thrown.message.includes(innermost.message)) return thrown.message;
  return `${thrown.message.replace(/[.:]$/, "")}: ${innermost.message}`;
}

function fieldsOf(thrown: unknown): Readonly<Record<string, unknown>> {
  return (typeof thrown === "object" && thrown !== null ? thrown : {}) as Readonly<Record<string, unknown>>;
}

function isHeaderSource(value: unknown): value is HeaderSource {
  return typeof value === "object" && value !== null && "get" in value && typeof value.get === "function";
}
