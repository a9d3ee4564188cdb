import type { Failure } from "./failure.ts";

/** A request that the vendor refuses, and the field that is to blame. */
export function invalid(
  message: string,
  details: { readonly param?: string; readonly code?: string } = {},
): Failure {
  return { kind: "invalid_request", message, ...details };
}
