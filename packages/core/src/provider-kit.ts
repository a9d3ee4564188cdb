/** For authors of providers: what every provider that talks HTTP needs. */
export { type CallIds, createCallIds } from "./provider/kit/call-ids.ts";
export {
  type Endpoint,
  type EndpointDefaults,
  type EndpointOptions,
  givenText,
  resolveEndpoint,
} from "./provider/kit/endpoint.ts";
export { bodyError, type Failure, type FailureBody, requestIdOf } from "./provider/kit/failure.ts";
export { ownCallId } from "./provider/kit/own-call-id.ts";
export { parseToolInput } from "./provider/kit/parse-tool-input.ts";
export { isEventStream, readEvents } from "./provider/kit/read-events.ts";
export type { RequestWatch } from "./provider/kit/request-watch.ts";
export type { HeaderSource } from "./provider/kit/retry-after.ts";
export { type Exchange, runExchange } from "./provider/kit/run-exchange.ts";
export { isStrictSchema } from "./provider/kit/strict-schema.ts";
export type { VendorErrors } from "./provider/kit/to-provider-error.ts";
export { toToolName } from "./provider/kit/tool-name.ts";
