export { AgentwerkError, type AgentwerkErrorOptions, type ErrorCode } from "./errors/agentwerk-error.ts";
export { LeaseLostError } from "./errors/lease-lost-error.ts";
export { toErrorMessage } from "./errors/to-error-message.ts";

export { assertNever } from "./util/assert-never.ts";
export { type Clock, sleep, systemClock } from "./util/clock.ts";
export { type Duration, toMilliseconds } from "./util/duration.ts";
export { findNonJson, isJsonObject, type JsonObject, type JsonValue } from "./util/json.ts";

export { compileSchema } from "./schema/compile-schema.ts";
export type { JsonSchema, JsonSchemaObject } from "./schema/json-schema.ts";
export {
  formatIssues,
  type ParseResult,
  type Schema,
  type SchemaIssue,
  type SchemaOutput,
  type SchemaSource,
} from "./schema/schema.ts";
export type { StandardSchema } from "./schema/standard-schema.ts";

export {
  type AssistantContent,
  type DocumentBlock,
  type ImageBlock,
  type Message,
  type ReasoningBlock,
  type TextBlock,
  type ToolCallBlock,
  type ToolResultBlock,
  textBlock,
  textOf,
  type UserContent,
} from "./provider/content.ts";
export {
  costOf,
  defineModel,
  type Model,
  type ModelOptions,
  type Price,
  unknownContextWindow,
} from "./provider/model.ts";
export type {
  ModelRequest,
  ModelResponse,
  Provider,
  RespondOptions,
  ResponseEvent,
  StopReason,
  ToolChoice,
  ToolDefinition,
} from "./provider/provider.ts";
export { ProviderError, type ProviderErrorCode, type ProviderErrorOptions } from "./provider/provider-error.ts";
export { addUsage, noUsage, type Usage } from "./provider/usage.ts";
