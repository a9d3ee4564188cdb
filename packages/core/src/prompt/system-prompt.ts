import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { AgentDefinition } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { toErrorMessage } from "../errors/to-error-message.ts";
import type { Skills } from "../knowledge/skills.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { renderTemplate } from "../util/render-template.ts";

/** Characters of one instructions file; as much as others take of an AGENTS.md. */
const longestInstructions = 32_768;

/** Characters of the list of skills. */
const longestSkills = 8_000;

/**
 * Role, instructions, skills by name, then the index of what is known. Made once per claim and kept, so that the
 * vendor's prompt cache holds.
 * @throws AgentwerkError `invalid_input` for an instructions file that cannot be read.
 */
export async function systemPrompt(agent: AgentDefinition, ticket: Ticket): Promise<string> {
  const role = renderTemplate(agent.role, { ...agent.templateVariables, ...ticket.templateVariables });
  const parts = [role];
  for (const path of agent.instructions) parts.push(await readInstructions(path, agent.dir));
  if (agent.skills !== undefined) parts.push(tagged("skills", await listSkills(agent.skills)));
  if (agent.knowledge !== undefined) parts.push(tagged("knowledge", await agent.knowledge.index()));
  return parts.filter((part) => part !== "").join("\n\n");
}

function tagged(name: string, text: string): string {
  return text === "" ? "" : `<${name}>\n${text}\n</${name}>`;
}

async function readInstructions(path: string, dir: string): Promise<string> {
  try {
    const text = (await readFile(resolve(dir, path), "utf8")).trim();
    const shown = text.slice(0, longestInstructions).toWellFormed();
    const cut = text.length > shown.length ? `\n(cut: ${shown.length} of ${text.length} characters)` : "";
    return tagged("instructions", shown === "" ? "" : `From ${path}:\n\n${shown}${cut}`);
  } catch (error) {
    throw new AgentwerkError({
      code: "invalid_input",
      field: "agent.instructions",
      message: `agent.instructions names ${path}, which cannot be read: ${toErrorMessage(error)}`,
      cause: error,
    });
  }
}

async function listSkills(skills: Skills): Promise<string> {
  const entries = await skills.list();
  const lines: string[] = [];
  let room = longestSkills;
  for (const { name, description } of entries) {
    const line = `${name}: ${description}`;
    room -= line.length + 1;
    if (room < 0) break;
    lines.push(line);
  }
  const left = entries.slice(lines.length).map(({ name }) => name);
  if (left.length > 0) lines.push(`(without their descriptions: ${left.join(", ")})`);
  return lines.join("\n");
}
