import type { AgentDefinition } from "../agent/agent-definition.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { renderTemplate } from "../util/render-template.ts";

/** Role, then the index of what is known. Made once per claim and kept, so that the vendor's prompt cache holds. */
export async function systemPrompt(agent: AgentDefinition, ticket: Ticket): Promise<string> {
  const role = renderTemplate(agent.role, { ...agent.templateVariables, ...ticket.templateVariables });
  if (agent.knowledge === undefined) return role;
  const index = await agent.knowledge.index();
  return index === "" ? role : `${role}\n\n<knowledge>\n${index}\n</knowledge>`;
}
