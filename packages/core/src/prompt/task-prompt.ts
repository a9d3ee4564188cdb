import type { AgentDefinition } from "../agent/agent-definition.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { renderTemplate } from "../util/render-template.ts";
import { contextBlock, type Remaining } from "./context-block.ts";

/** The first message of a conversation: the context block, then the task. Stored with it, so a resume sends the same bytes. */
export function taskPrompt(options: {
  readonly agent: AgentDefinition;
  readonly ticket: Ticket;
  readonly now: number;
  readonly remaining: Remaining;
}): string {
  const { agent, ticket, now, remaining } = options;
  const variables = { ...agent.templateVariables, ...ticket.templateVariables };
  const task =
    typeof ticket.task === "string"
      ? renderTemplate(ticket.task, variables)
      : `\`\`\`json\n${JSON.stringify(ticket.task, null, 2)}\n\`\`\``;
  const context = agent.context ?? contextBlock({ dir: agent.dir, now, remaining });
  const text = `Ticket ${ticket.key}:\n\n${task}`;
  return context === "" ? text : `${renderTemplate(context, variables)}\n\n${text}`;
}
