/** A scenario that fails for a reason that we accept, and exactly the checks of it that do. */
export interface Accepted {
  readonly reason: string;
  readonly checks: readonly string[];
}

/** Scenarios by name; what is not here has to pass, and what passes must not be here. */
export type Baseline = Readonly<Record<"2025-11-25" | "2026-07-28", Readonly<Record<string, Accepted>>>>;

const tools = "It calls tools of the suite's own fixture; a ticket server has no such tools.";
const prompts = "It gets prompts of the suite's own fixture; a ticket server has no such prompts.";
const resources = "It reads resources of the suite's own fixture; a ticket server has no such resources.";
const subscriptions =
  "It subscribes to a resource of the suite's own fixture; the ticket server refuses addresses that it does not serve.";
const logging =
  "The ticket server sends no log messages over the protocol, which has given them up in 2026-07-28; it tells progress.";
const stateless = "Four of its thirty checks call tools of the suite's own fixture; the others pass.";
const headers =
  "Pending in the suite. No tool of ours mirrors an argument into a header, so there is nothing to check.";

const headerChecks = [
  "sep-2243-server-no-xmcp-tool",
  "sep-2243-server-decode-base64",
  "sep-2243-server-validate-param-match",
  "sep-2243-server-reject-invalid-param-chars",
  "sep-2243-server-reject-param-mismatch",
];

/** Of the suite's own fixture. The suite counts none of these. */
export const fixtureBaseline: Baseline = {
  "2025-11-25": {},
  "2026-07-28": { "http-custom-header-server-validation": { reason: headers, checks: headerChecks } },
};

/** Of the ticket server. */
export const ticketBaseline: Baseline = {
  "2025-11-25": {
    "elicitation-sep1034-defaults": { reason: tools, checks: ["elicitation-sep1034-general"] },
    "elicitation-sep1330-enums": { reason: tools, checks: ["elicitation-sep1330-general"] },
    "json-schema-2020-12": { reason: tools, checks: ["json-schema-2020-12-tool-found"] },
    "logging-set-level": { reason: logging, checks: ["logging-set-level"] },
    "prompts-get-embedded-resource": { reason: prompts, checks: ["prompts-get-embedded-resource"] },
    "prompts-get-simple": { reason: prompts, checks: ["prompts-get-simple"] },
    "prompts-get-with-args": { reason: prompts, checks: ["prompts-get-with-args"] },
    "prompts-get-with-image": { reason: prompts, checks: ["prompts-get-with-image"] },
    "resources-read-binary": { reason: resources, checks: ["resources-read-binary"] },
    "resources-read-text": { reason: resources, checks: ["resources-read-text"] },
    "resources-subscribe": { reason: subscriptions, checks: ["resources-subscribe"] },
    "resources-templates-read": { reason: resources, checks: ["resources-templates-read"] },
    "resources-unsubscribe": { reason: subscriptions, checks: ["resources-unsubscribe"] },
    "tools-call-audio": { reason: tools, checks: ["tools-call-audio"] },
    "tools-call-elicitation": { reason: tools, checks: ["tools-call-elicitation"] },
    "tools-call-embedded-resource": { reason: tools, checks: ["tools-call-embedded-resource"] },
    "tools-call-error": { reason: tools, checks: ["tools-call-error"] },
    "tools-call-image": { reason: tools, checks: ["tools-call-image"] },
    "tools-call-mixed-content": { reason: tools, checks: ["tools-call-mixed-content"] },
    "tools-call-sampling": { reason: tools, checks: ["tools-call-sampling"] },
    "tools-call-simple-text": { reason: tools, checks: ["tools-call-simple-text"] },
    "tools-call-with-logging": { reason: logging, checks: ["tools-call-with-logging"] },
    "tools-call-with-progress": { reason: tools, checks: ["tools-call-with-progress"] },
  },
  "2026-07-28": {
    "http-custom-header-server-validation": { reason: headers, checks: headerChecks },
    "input-required-result-basic-elicitation": { reason: tools, checks: ["sep-2322-elicitation-incomplete"] },
    "input-required-result-basic-list-roots": { reason: tools, checks: ["sep-2322-list-roots-incomplete"] },
    "input-required-result-basic-sampling": { reason: tools, checks: ["sep-2322-sampling-incomplete"] },
    "input-required-result-capability-check": {
      reason: tools,
      checks: ["sep-2322-respect-client-capabilities"],
    },
    "input-required-result-multi-round": { reason: tools, checks: ["sep-2322-multi-round-r1"] },
    "input-required-result-multiple-input-requests": {
      reason: tools,
      checks: ["sep-2322-multiple-inputs-incomplete"],
    },
    "input-required-result-non-tool-request": { reason: prompts, checks: ["sep-2322-non-tool-incomplete"] },
    "input-required-result-request-state": { reason: tools, checks: ["sep-2322-request-state-incomplete"] },
    "input-required-result-result-type": { reason: tools, checks: ["sep-2322-result-type-included"] },
    "input-required-result-tampered-state": { reason: tools, checks: ["sep-2322-reject-tampered-state"] },
    "json-schema-2020-12": { reason: tools, checks: ["json-schema-2020-12-tool-found"] },
    "prompts-get-embedded-resource": { reason: prompts, checks: ["prompts-get-embedded-resource"] },
    "prompts-get-simple": { reason: prompts, checks: ["prompts-get-simple"] },
    "prompts-get-with-args": { reason: prompts, checks: ["prompts-get-with-args"] },
    "prompts-get-with-image": { reason: prompts, checks: ["prompts-get-with-image"] },
    "resources-read-binary": { reason: resources, checks: ["resources-read-binary"] },
    "resources-read-text": { reason: resources, checks: ["resources-read-text"] },
    "resources-templates-read": { reason: resources, checks: ["resources-templates-read"] },
    "server-stateless": {
      reason: stateless,
      checks: [
        "sep-2575-server-rejects-undeclared-capability",
        "sep-2575-missing-capability-http-400",
        "sep-2575-http-server-no-independent-requests-on-stream",
        "sep-2575-server-no-log-without-loglevel",
      ],
    },
    "tasks-capability-negotiation": {
      reason: tools,
      checks: ["sep-2663-server-rejects-undeclared-client", "tasks-per-request-meta-opt-in"],
    },
    "tasks-dispatch-and-envelope": {
      reason: tools,
      checks: [
        "tasks-server-directed-creation-no-hint",
        "sep-2663-legacy-task-param-ignored",
        "tasks-immediate-result-shortcut",
        "tasks-result-type-complete-on-non-task-responses",
        "sep-2663-durable-create-strong-consistency",
      ],
    },
    "tasks-lifecycle": {
      reason: tools,
      checks: [
        "tasks-sync-tool-call",
        "sep-2663-result-type-task-on-create",
        "sep-2663-tasks-get-status-working",
        "sep-2663-tasks-get-status-completed",
        "sep-2663-tool-error-uses-completed-status",
        "sep-2663-tasks-get-status-failed",
        "sep-2663-cancel-ack-empty-result",
        "tasks-cancel-terminal-idempotent-ack",
      ],
    },
    "tasks-mrtr-composition": { reason: tools, checks: ["sep-2663-mrtr-synchronous-before-task-creation"] },
    "tasks-mrtr-input": {
      reason: tools,
      checks: [
        "sep-2663-tasks-get-status-input-required",
        "tasks-mrtr-tasks-update-resumes",
        "tasks-mrtr-partial-fulfillment",
      ],
    },
    "tasks-request-headers": {
      reason: tools,
      checks: [
        "tasks-headers-tolerate-mcp-method-on-tools-call",
        "sep-2663-routing-headers-accepted-on-tasks-get",
        "sep-2663-server-rejects-mismatched-mcp-name-on-tasks-get",
      ],
    },
    "tasks-request-state-removal": { reason: tools, checks: ["tasks-request-state-removal-setup"] },
    "tasks-required-task-error": {
      reason: tools,
      checks: ["sep-2663-server-returns-missing-capability-when-required"],
    },
    "tasks-wire-fields": {
      reason: tools,
      checks: [
        "tasks-wire-field-renames",
        "tasks-no-early-ttl-expiry",
        "tasks-no-related-task-meta-on-inlined-result",
      ],
    },
    "tools-call-audio": { reason: tools, checks: ["tools-call-audio"] },
    "tools-call-embedded-resource": { reason: tools, checks: ["tools-call-embedded-resource"] },
    "tools-call-error": { reason: tools, checks: ["tools-call-error"] },
    "tools-call-image": { reason: tools, checks: ["tools-call-image"] },
    "tools-call-mixed-content": { reason: tools, checks: ["tools-call-mixed-content"] },
    "tools-call-simple-text": { reason: tools, checks: ["tools-call-simple-text"] },
    "tools-call-with-progress": { reason: tools, checks: ["tools-call-with-progress"] },
  },
};
