import type { Endpoint } from "./endpoint.ts";
import type { Failure } from "./failure.ts";

/** True for an answer that sends the request elsewhere, which no provider follows. */
export function isRedirect({ status }: Failure): boolean {
  return status !== undefined && status >= 300 && status < 400;
}

/** Scheme and host alone: the rest of the address may hold keys. */
export function tellRedirect({ status, headers }: Failure, { providerName, baseUrl }: Endpoint): string {
  const location = headers?.get("location") ?? "";
  const url = URL.canParse(location, baseUrl) ? new URL(location, baseUrl) : undefined;
  if (location === "" || url === undefined || url.host === "") {
    return `${providerName} redirects without an address that can be read (status ${status}); check the baseUrl.`;
  }
  const place = `${url.protocol}//${url.host}`;
  return `${providerName} redirects to ${place} (status ${status}), which is not followed, since the conversation and its headers would go there. If they should, make that the baseUrl.`;
}
