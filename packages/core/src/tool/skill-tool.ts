import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Skills } from "../knowledge/skills.ts";
import { defineTool } from "./define-tool.ts";
import type { Tool } from "./tool.ts";
import { type ToolError, toolError } from "./tool-result.ts";

interface SkillInput {
  readonly name: string;
  readonly file?: string;
}

/** The tool by which an agent reads the skills that it was given. */
export function skillTool(skills: Skills): Tool {
  return defineTool({
    name: "skill",
    description:
      "Reads a skill: instructions for a kind of work, written by people. Read the one that fits your task before you begin it, and follow it. Its files come by their path within the skill.",
    input: {
      type: "object",
      properties: {
        name: { type: "string", description: "One of <skills>." },
        file: { type: "string", description: "One of the skill's files, instead of its instructions." },
      },
      required: ["name"],
      additionalProperties: false,
    },
    readOnly: true,
    run: (input) => run(input as unknown as SkillInput, skills),
  });
}

async function run({ name, file }: SkillInput, skills: Skills): Promise<string | ToolError> {
  const skill = await skills.read(name);
  if (skill === undefined) {
    const names = (await skills.list()).map((entry) => entry.name);
    return toolError(`There is no skill ${JSON.stringify(name)}; there are: ${names.join(", ") || "none"}.`);
  }
  if (file === undefined) {
    const { body, files } = skill;
    return files.length === 0 ? body : `${body}\n\nFiles of this skill:\n${files.join("\n")}`;
  }
  try {
    return await skills.readFile(name, file);
  } catch (error) {
    if (AgentwerkError.isInstance(error) && error.code === "invalid_input") return toolError(error.message);
    throw error;
  }
}
