import type { SkillEntry } from "@agentwerk/core";
import { decodeText } from "./decode-text.ts";
import { oneLine, parseFrontMatter, textOf } from "./front-matter.ts";

/** What a SKILL.md says. */
export interface SkillFile extends SkillEntry {
  readonly body: string;
}

const longestDescription = 1_024;

/** By the Agent Skills standard, https://agentskills.io/specification: no `-` at the ends, nor two in a row. */
export function isSkillName(name: string): boolean {
  return name.length <= 64 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name);
}

/**
 * Reads a SKILL.md. Of its further keys `compatibility`, what the skill needs to work, is told in front of the
 * instructions; `license`, `metadata` and `allowed-tools` say nothing to the model here.
 * @throws Error that says what is damaged.
 */
export function parseSkill(bytes: Buffer, folder: string): SkillFile {
  const { values, body } = parseFrontMatter(decodeText(bytes));
  const name = textOf(values.name);
  if (name === "") throw new Error(`its front matter has no name; write name: ${folder}`);
  if (name !== folder) {
    throw new Error(`its name is ${JSON.stringify(name)}, which has to be that of its folder, ${folder}`);
  }
  const description = oneLine(textOf(values.description));
  if (description === "") {
    throw new Error("its front matter has no description; say what it does and when to use it");
  }
  if (description.length > longestDescription) {
    throw new Error(
      `its description has ${description.length} characters; keep it within ${longestDescription}`,
    );
  }
  const needs = oneLine(textOf(values.compatibility));
  return { name, description, body: needs === "" ? body : `Compatibility: ${needs}\n\n${body}` };
}
