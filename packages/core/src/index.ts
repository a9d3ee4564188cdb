export type { AgentDefinition, AgentOptions, Directives } from "./agent/agent-definition.ts";
export { AgentwerkError, type AgentwerkErrorOptions, type ErrorCode } from "./errors/agentwerk-error.ts";
export { causesOf } from "./errors/causes-of.ts";
export { LeaseLostError } from "./errors/lease-lost-error.ts";
export { toErrorMessage } from "./errors/to-error-message.ts";
export {
  type AgentwerkEvent,
  type EventDraft,
  type EventHead,
  type EventOf,
  type EventType,
  type RunReason,
  transientEventTypes,
  type UnclaimedTicket,
} from "./event/event.ts";
export type { EventHandler } from "./event/event-hub.ts";
export type { Knowledge, KnowledgeDraft, KnowledgeEntry, KnowledgePage } from "./knowledge/knowledge.ts";
export type { Skill, SkillEntry, Skills } from "./knowledge/skills.ts";
export { definePlugin, type Plugin, type StoreLocation } from "./plugin/plugin.ts";
export { longestRetryDelayMs, type Policy, policyDefaults, type TicketPolicy } from "./policy/policy.ts";
export { directiveDefaults } from "./prompt/directive-defaults.ts";
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
  type FileKind,
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
export {
  ProviderError,
  type ProviderErrorCode,
  type ProviderErrorOptions,
} from "./provider/provider-error.ts";
export { addUsage, noUsage, type Usage } from "./provider/usage.ts";
export { arrange, matchesCondition } from "./query/match-query.ts";
export { parseQuery } from "./query/parse-query.ts";
export { QuerySyntaxError } from "./query/query-syntax-error.ts";
export {
  type Comparison,
  type Condition,
  type FieldKind,
  type QueryField,
  type QueryOrder,
  type QueryValue,
  queryFields,
  type TicketQuery,
} from "./query/ticket-query.ts";
export { compileSchema } from "./schema/compile-schema.ts";
export type { JsonSchema, JsonSchemaObject } from "./schema/json-schema.ts";
export {
  formatIssues,
  type ParseResult,
  type Schema,
  type SchemaInput,
  type SchemaIssue,
  type SchemaOutput,
  type SchemaSource,
} from "./schema/schema.ts";
export type { StandardSchema } from "./schema/standard-schema.ts";
export { type MemoryStoreOptions, memoryStore } from "./store/memory/memory-store.ts";
export type {
  Account,
  Claim,
  ClaimRequest,
  CommitOptions,
  CommitReceipt,
  EventQuery,
  Lease,
  Outcome,
  Outlook,
  Reservation,
  ReserveRequest,
  StepChange,
  StoreNotice,
  TicketEdit,
  TicketFilter,
  TicketStore,
  TicketUpdate,
  Want,
  WorkDelta,
} from "./store/ticket-store.ts";
export type { Tally, Totals } from "./store/totals.ts";
export { Agent, type RunTaskOptions } from "./system/agent.ts";
export type { BudgetState } from "./system/budget-state.ts";
export type { Explanation } from "./system/explain-ticket.ts";
export type { ClaimEnd } from "./system/front-door.ts";
export type { Stats } from "./system/stats.ts";
export type { NewTask, TaskOptions, TicketReference } from "./system/task-options.ts";
export { TicketError } from "./system/ticket-error.ts";
export { TicketHandle } from "./system/ticket-handle.ts";
export type { PolicyViolation, TicketResults } from "./system/ticket-results.ts";
export type { TicketSet } from "./system/ticket-set.ts";
export { TicketSystem } from "./system/ticket-system.ts";
export type {
  AgentLike,
  LabelContract,
  RetryOptions,
  RunOptions,
  TicketSystemOptions,
} from "./system/ticket-system-options.ts";
export {
  type Amounts,
  addAmounts,
  type Budget,
  type BudgetLimit,
  type Envelope,
  limitsOf,
  noAmounts,
} from "./ticket/budget.ts";
export { closeOpenCalls, findOpenCalls, type OpenCall } from "./ticket/close-open-calls.ts";
export type { FailedAttempt } from "./ticket/failed-attempt.ts";
export type { Reply, ReplyDraft, ReplyPurpose } from "./ticket/reply.ts";
export {
  type BlockerPolicy,
  type CallDecision,
  finalStatuses,
  isFinal,
  type PendingCall,
  type Ticket,
  type TicketStatus,
  type Waiting,
  type Work,
} from "./ticket/ticket.ts";
export type { TicketDraft } from "./ticket/ticket-draft.ts";
export type { TicketFailure, TicketFailureReason } from "./ticket/ticket-failure.ts";
export { parseTicketKey, type TicketKey, ticketKeyOf, ticketNumberOf } from "./ticket/ticket-key.ts";
export { askHuman } from "./tool/ask-human.ts";
export { defineTool, type ToolOptions } from "./tool/define-tool.ts";
export { knowledgeTool } from "./tool/knowledge-tool.ts";
export { manageTickets } from "./tool/manage-tickets.ts";
export { readTickets } from "./tool/read-tickets.ts";
export { skillTool } from "./tool/skill-tool.ts";
export type { ApprovalContext, Tool, ToolAnnotations, ToolSource, ToolSourceContext } from "./tool/tool.ts";
export type { GenerateRequest, TicketAccess, ToolContext, ToolEventDraft } from "./tool/tool-context.ts";
export {
  type AskPerson,
  askPerson,
  type ControlResult,
  type FinishTicket,
  finishTicket,
  type GiveUpTicket,
  giveUpTicket,
  type ParkTicket,
  parkTicket,
  type RetryResult,
  retryResult,
  type ToolContent,
  type ToolError,
  type ToolResult,
  type ToolReturn,
  toolContent,
  toolError,
} from "./tool/tool-result.ts";
export { writeHandover } from "./tool/write-handover.ts";
export { writeResult } from "./tool/write-result.ts";
export { assertNever } from "./util/assert-never.ts";
export { type Clock, sleep, systemClock } from "./util/clock.ts";
export { type Duration, toMilliseconds } from "./util/duration.ts";
export { findNonJson, isJsonObject, type JsonObject, type JsonValue } from "./util/json.ts";
export { type FolderOptions, makeFolder, makeFolderSync } from "./util/make-folder.ts";
export { refuseUnknownOptions } from "./util/refuse-unknown-options.ts";
