import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Skill, Skills } from "../knowledge/skills.ts";
import { Agent } from "../system/agent.ts";
import { runTool } from "../testing/run-tool.ts";
import { calls, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { toolSuite } from "../testing/tool-suite.ts";
import { skillTool } from "./skill-tool.ts";

function skillsInMemory(...skills: readonly Skill[]): Skills {
  const find = (name: string): Skill | undefined => skills.find((skill) => skill.name === name);
  return {
    list: async () => skills.map(({ name, description }) => ({ name, description })),
    read: async (name) => find(name),
    async readFile(name, path) {
      if (find(name)?.files.includes(path) === true) return `the text of ${path}`;
      throw new AgentwerkError({ code: "invalid_input", field: "path", message: `${path} is not its file.` });
    },
  };
}

const release: Skill = {
  name: "release",
  description: "How a release goes out.",
  body: "1. Tag the commit.",
  files: ["checks.md"],
};
const review: Skill = { name: "review", description: "How code is reviewed.", body: "Read it.", files: [] };

toolSuite({
  name: "skill",
  open: async () => ({ tool: skillTool(skillsInMemory(release, review)), state: async () => [] }),
  valid: [{ name: "release" }, { name: "review" }, { name: "release", file: "checks.md" }],
  invalid: [{}, { name: 7 }, { name: "release", path: "x" }],
  failing: [{ name: "nothing" }, { name: "release", file: "../secret" }],
});

test("a skill is told with its files, and an unknown one with those there are", async () => {
  const tool = skillTool(skillsInMemory(release, review));
  expect(await runTool(tool, { name: "release" })).toBe(
    "1. Tag the commit.\n\nFiles of this skill:\nchecks.md",
  );
  expect(await runTool(tool, { name: "review" })).toBe("Read it.");
  expect(await runTool(tool, { name: "deploy" })).toMatchObject({
    message: 'There is no skill "deploy"; there are: release, review.',
  });
});

test("names and descriptions stand in the system prompt, and the agent reads the rest", async () => {
  const provider = scriptedProvider([calls(["skill", { name: "release" }]), writesResult("out")]);
  const agent = new Agent({
    model: provider.model,
    role: "You ship.",
    skills: skillsInMemory(release, review),
  });
  expect(await agent.run("ship it")).toBe("out");

  expect(provider.requests[0]?.system).toBe(
    "You ship.\n\n<skills>\nrelease: How a release goes out.\nreview: How code is reviewed.\n</skills>",
  );
  expect(JSON.stringify(provider.requests[1]?.messages.at(-1))).toContain("Tag the commit");
});

test("a long list keeps every name, and drops the descriptions that do not fit", async () => {
  const many = Array.from({ length: 40 }, (_value, index) => ({
    ...review,
    name: `skill-${index}`,
    description: "x".repeat(500),
  }));
  const provider = scriptedProvider([writesResult("done")]);
  await new Agent({ model: provider.model, role: "R", skills: skillsInMemory(...many) }).run("work");

  const system = provider.requests[0]?.system ?? "";
  expect(system.length).toBeLessThan(9_000);
  expect(system).toContain("skill-39");
});

test("instructions follow the role, cut where they are long, and one that is missing fails the ticket by name", async () => {
  const dir = await mkdtemp(join(tmpdir(), "agentwerk-instructions-"));
  try {
    await writeFile(join(dir, "AGENTS.md"), "Use tabs.\n");
    await writeFile(join(dir, "long.md"), "y".repeat(40_000));
    const provider = scriptedProvider([writesResult("done")]);
    const options = { model: provider.model, role: "You code.", dir };
    await new Agent({ ...options, instructions: ["AGENTS.md", "long.md"] }).run("work");

    const system = provider.requests[0]?.system ?? "";
    expect(system).toMatch(/^You code\.\n\n<instructions>\nFrom AGENTS\.md:\n\nUse tabs\.\n<\/instructions>/);
    expect(system).toContain("(cut: 32768 of 40000 characters)");
    await expect(new Agent({ ...options, instructions: "NONE.md" }).run("work")).rejects.toThrow(
      /agent\.instructions names NONE\.md/,
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test("a folder's path is refused with the package that reads it", () => {
  const { model } = scriptedProvider([]);
  const skills = "./skills" as unknown as Skills;
  expect(() => new Agent({ model, role: "R", skills })).toThrow(/markdownSkills/);
});
