export type { BehaviourOptions, ReplyFunction } from "./behaviour/behaviour.ts";
export { echo } from "./behaviour/create-behaviour.ts";
export type { Expectation, ExpectationFunction, ExpectedRequest } from "./behaviour/expectation.ts";
export type { ScriptedReply, ScriptStep } from "./behaviour/script.ts";
export type { ChatDialect } from "./chat-completions/chat-dialect.ts";
export {
  type Conversation,
  type ConversationFile,
  type ConversationMessage,
  type ConversationTool,
  type ConversationToolCall,
  type ConversationToolResult,
  lastToolResults,
  lastUserText,
} from "./conversation.ts";
export { type Fault, type FaultKind, type FaultOptions, faultKinds } from "./fault/fault.ts";
export type { ScheduledFault } from "./fault/fault-schedule.ts";
export type {
  FinishedReply,
  FinishedToolCall,
  FinishedUsage,
  Reply,
  ReplyOptions,
  ReplyStop,
  ReplyToolCall,
  ReplyUsage,
} from "./reply/reply.ts";
export type { RecordedRequest } from "./server/recorded-request.ts";
export { type Simulator, startSimulator } from "./simulator.ts";
export { SimulatorError, type SimulatorErrorCode } from "./simulator-error.ts";
export type { SimulatorOptions } from "./simulator-options.ts";
