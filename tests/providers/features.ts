/** A row of the table, and the cases of the provider suite that prove it. */
export interface Feature {
  readonly name: string;
  readonly cases: readonly string[];
}

/** Cases that stand in no feature are counted in the table's last row, so that none is left out. */
export const features: readonly Feature[] = [
  { name: "Streaming", cases: ["text", "chunks", "huge_reply"] },
  {
    name: "Tool calls, several in one reply",
    cases: ["tool_definitions", "tool_call", "parallel_tool_calls", "tool_results", "separate_results"],
  },
  { name: "Tool choice: auto, required, none, one tool", cases: ["tool_choice"] },
  { name: "Schemas arrive unharmed", cases: ["schema_unharmed"] },
  { name: "Failed calls told from successes", cases: ["tool_errors"] },
  {
    name: "Broken arguments kept for the correction",
    cases: ["malformed_arguments", "malformed_call_sent_back"],
  },
  {
    name: "Calls of other vendors' models continued",
    cases: ["foreign_call_ids", "repeated_call_ids", "foreign_reasoning", "reasoning_of_other_name"],
  },
  { name: "Images in", cases: ["images"] },
  { name: "Images in tool results", cases: ["tool_images"] },
  { name: "Documents in", cases: ["documents"] },
  { name: "Reasoning", cases: ["reasoning"] },
  {
    name: "Reasoning signed, hidden, and sent back over tool turns",
    cases: ["hidden_reasoning", "signed_reasoning", "hidden_reasoning_sent_back"],
  },
  { name: "Cached tokens read back", cases: ["cached_usage"] },
  { name: "Usage, reasoning included", cases: ["usage", "reasoning_usage"] },
  {
    name: "Refusal, filter and token limit told from an answer",
    cases: ["truncated", "refusal", "content_filter"],
  },
  { name: "Context window overflow recognised", cases: ["context_window"] },
  { name: "Retry-After", cases: ["retry_after_seconds", "retry_after_date"] },
  { name: "Request ids, in replies and errors", cases: ["request_id", "request_id_of_failure"] },
  { name: "Timeouts: first byte and silence", cases: ["first_byte_timeout", "idle_timeout"] },
  { name: "Cancellation", cases: ["abort_before", "abort_waiting", "abort_streaming", "listeners"] },
  { name: "Keys kept out of errors", cases: ["secrets"] },
];
