import { SdkHttpError, UnauthorizedError } from "@modelcontextprotocol/client";

/** Whether a server refused for want of a sign-in. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof UnauthorizedError || (error instanceof SdkHttpError && error.status === 401);
}
