import type { Conversation } from "../conversation.ts";
import type { ScheduledFault } from "../fault/fault-schedule.ts";
import type { Reply } from "../reply/reply.ts";
import type { ScriptStep } from "./script.ts";

/** A model as a function of the conversation. */
export type ReplyFunction = (conversation: Conversation) => Reply | Promise<Reply>;

/** What a simulated model does: follows a script, or answers by a function; without either it echoes. */
export interface BehaviourOptions {
  /** One step for each request, in order of arrival. */
  readonly script?: readonly ScriptStep[] | undefined;
  /** Starts the script again after its last step. */
  readonly repeatScript?: boolean | undefined;
  readonly respond?: ReplyFunction | undefined;
  /** Faults on top of that, by request number or by condition. */
  readonly faults?: readonly ScheduledFault[] | undefined;
}

/** Made ready: what a server asks. */
export interface Behaviour {
  /**
   * The reply to a request. `keepStep` when this request is going to fail anyway: the step waits for the repetition.
   * @throws SimulatorError `script_mismatch`
   */
  answer(conversation: Conversation, options: { readonly keepStep: boolean }): Reply | Promise<Reply>;
  /** A line for each step that nobody asked for. */
  leftOver(): readonly string[];
}
