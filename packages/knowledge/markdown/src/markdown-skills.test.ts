import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Agent, type Skills, skillTool } from "@agentwerk/core";
import { calls, runTool, scriptedProvider, toolSuite, writesResult } from "@agentwerk/core/testing";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FileProblem } from "./file-cache.ts";
import { markdownSkills } from "./markdown-skills.ts";
import { isSkillName } from "./skill-file.ts";

let dir: string;
let problems: FileProblem[];
let skills: Skills;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-skills-"));
  problems = [];
  skills = markdownSkills({ dir: join(dir, "skills"), onProblem: (problem) => problems.push(problem) });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), content);
}

async function putSkill(name: string, description = `About ${name}.`, body = "Do it."): Promise<void> {
  await put(`skills/${name}/SKILL.md`, `---\nname: ${name}\ndescription: ${description}\n---\n\n${body}\n`);
}

const told = (): readonly string[] => problems.map(({ message }) => message.replaceAll(`${dir}/`, "")).sort();

describe("a skill", () => {
  test("is a folder with SKILL.md, and the files beside it", async () => {
    await put(
      "skills/release/SKILL.md",
      "---\nname: release\ndescription: |\n  How a release\n  goes out.\nlicense: MIT\nmetadata:\n  version: '1'\nallowed-tools: Bash(git:*)\ncompatibility: Needs git\nmine: x\n---\n\n1. Tag.\n",
    );
    await put("skills/release/scripts/tag.sh", "git tag\n");
    await put("skills/release/checks.md", "Look twice.\n");
    await put("skills/release/.hidden", "x");
    await put("skills/release/.git/config", "x");
    await putSkill("audit");
    await put("skills/README.md", "These are ours.");
    await put("skills/.draft/SKILL.md", "x");
    expect(await skills.list()).toEqual([
      { name: "audit", description: "About audit." },
      { name: "release", description: "How a release goes out." },
    ]);
    expect(await skills.read("release")).toEqual({
      name: "release",
      description: "How a release goes out.",
      body: "Compatibility: Needs git\n\n1. Tag.",
      files: ["checks.md", "scripts/tag.sh"],
    });
    expect(await skills.readFile("release", "scripts/tag.sh")).toBe("git tag\n");
    expect(await skills.readFile("release", "./checks.md")).toBe("Look twice.\n");
    expect(await skills.read("nothing")).toBeUndefined();
    expect(await skills.read("../skills/release")).toBeUndefined();
    expect(problems).toEqual([]);
  });

  test("that was edited, added or removed by hand is picked up", async () => {
    await putSkill("release", "Before.");
    expect(await skills.list()).toEqual([{ name: "release", description: "Before." }]);
    await putSkill("release", "After.", "Otherwise.");
    await putSkill("more");
    expect((await skills.list()).map(({ description }) => description)).toEqual(["About more.", "After."]);
    expect(await skills.read("release")).toMatchObject({ body: "Otherwise." });
    await rm(join(dir, "skills/release"), { recursive: true });
    expect((await skills.list()).map(({ name }) => name)).toEqual(["more"]);
    expect(await skills.read("release")).toBeUndefined();
  });

  test("is one of many", async () => {
    for (let index = 0; index < 600; index += 1) await putSkill(`skill-${index}`);
    expect(await skills.list()).toHaveLength(600);
    expect((await skills.read("skill-599"))?.body).toBe("Do it.");
  });

  test("with many files lists the first, and says so", async () => {
    await putSkill("many");
    for (let index = 0; index < 230; index += 1) await put(`skills/many/data/${1_000 + index}.txt`, "x");
    const skill = await skills.read("many");
    expect(skill?.files).toHaveLength(200);
    expect(skill?.files[199]).toBe("data/1199.txt");
    expect(skill?.body).toBe("Do it.\n\n(Only the first 200 files of this skill are listed.)");
  });
});

describe("a skill that cannot be used is reported once, and skipped", () => {
  const head = (text: string): string => `---\n${text}\n---\n\nBody.\n`;

  test.each<readonly [string, string | Buffer, RegExp]>([
    ["no front matter", "# Release\n", /has no name; write name: bad\.$/],
    ["no description", head("name: bad"), /has no description/],
    ["an empty description", head("name: bad\ndescription: '  '"), /has no description/],
    [
      "another name",
      head("name: good\ndescription: d"),
      /its name is "good", which has to be that of its folder, bad\.$/,
    ],
    [
      "a long description",
      head(`name: bad\ndescription: ${"x".repeat(1_025)}`),
      /has 1025 characters; keep it within 1024/,
    ],
    ["no YAML", head("name: [bad"), /its front matter is not YAML/],
    ["no end", "---\nname: bad\n", /its front matter has no end/],
    ["a bomb of aliases", head("name: bad\na: &a [x]\ndescription: *a"), /uses YAML aliases/],
    ["no text", Buffer.from([0xff, 0xfe, 0]), /not UTF-8 text/],
    ["a huge file", "x".repeat(1_048_577), /larger than 1 MiB/],
  ])("%s", async (_name, content, message) => {
    await put("skills/bad/SKILL.md", content);
    await putSkill("good");
    for (let round = 0; round < 3; round += 1)
      expect((await skills.list()).map(({ name }) => name)).toEqual(["good"]);
    expect(await skills.read("bad")).toBeUndefined();
    expect(told()).toEqual([expect.stringMatching(message)]);
    expect(told()[0]).toMatch(/^skills\/bad\/SKILL\.md is skipped: /);
    await putSkill("bad");
    expect(await skills.list()).toHaveLength(2);
  });

  test("names that are none, folders without SKILL.md, links and pipes", async () => {
    await putSkill("good");
    await putSkill("Upper");
    await putSkill("two--dashes");
    await mkdir(join(dir, "skills/empty"));
    await mkdir(join(dir, "skills/linked"));
    await symlink(join(dir, "skills/good/SKILL.md"), join(dir, "skills/linked/SKILL.md"));
    await symlink("good", join(dir, "skills/link"));
    await put("skills/SKILL.md", "x");
    await mkdir(join(dir, "skills/pipe"));
    spawnSync("sh", ["-c", 'mkfifo "$0"', join(dir, "skills/pipe/SKILL.md")]);
    for (let round = 0; round < 2; round += 1) expect(await skills.list()).toHaveLength(1);
    expect(told()).toEqual([
      expect.stringMatching(/^skills\/SKILL\.md is skipped: name the folder that holds the skill's folder/),
      expect.stringMatching(/^skills\/Upper is skipped: its name/),
      expect.stringMatching(/^skills\/empty\/SKILL\.md is skipped: it is not there/),
      expect.stringMatching(/^skills\/link is skipped: it is a link/),
      expect.stringMatching(/^skills\/linked\/SKILL\.md is skipped: it is a link/),
      expect.stringMatching(/^skills\/pipe\/SKILL\.md is skipped: it is not a regular file/),
      expect.stringMatching(/^skills\/two--dashes is skipped: its name/),
    ]);
  });

  test("a folder that is not there, or is none", async () => {
    expect(await skills.list()).toEqual([]);
    await put("skills", "a file");
    expect(await skills.list()).toEqual([]);
    expect(await skills.read("release")).toBeUndefined();
    expect(told()).toEqual([
      expect.stringMatching(/^skills is no folder/),
      expect.stringMatching(/^skills is not there/),
    ]);
  });

  test("without onProblem it is a warning of the process", async () => {
    await put("skills/bad/SKILL.md", "x");
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    await markdownSkills(join(dir, "skills")).list();
    expect(await warned).toMatchObject({ code: "AGENTWERK_SKILL" });
  });
});

test("of several folders the first wins, and the clash is reported once", async () => {
  await putSkill("release", "The first.");
  await putSkill("first");
  await rename(join(dir, "skills"), join(dir, "own"));
  await putSkill("release", "The second.");
  await putSkill("second");
  const both = markdownSkills({
    dir: [join(dir, "own"), join(dir, "skills")],
    onProblem: (problem) => problems.push(problem),
  });
  for (let round = 0; round < 2; round += 1) {
    expect(await both.list()).toEqual([
      { name: "first", description: "About first." },
      { name: "release", description: "The first." },
      { name: "second", description: "About second." },
    ]);
  }
  expect((await both.read("release"))?.description).toBe("The first.");
  expect(told()).toEqual(["skills/release is skipped: own/release has the same name and comes first."]);
});

describe("files of a skill", () => {
  beforeEach(async () => {
    await putSkill("release");
    await put("skills/release/notes/a.md", "inside");
    await put("secret.txt", "secret");
    await put("skills/other/SKILL.md", "x");
  });

  test.each([
    "../../secret.txt",
    "notes/../../../secret.txt",
    "/etc/passwd",
    "notes",
    "",
    ".",
    "..",
    "./.",
    "notes/../.hidden",
    ".hidden",
    "notes/.hidden",
    "SKILL.md",
    "notes/../SKILL.md",
    "nothing.md",
    "notes\\a.md",
    "notes/a.md\0.txt",
    "link.txt",
    "linked/a.md",
    "linked-out/secret.txt",
    "pipe",
    "x".repeat(5_000),
  ])("are not %j", async (path) => {
    await put("skills/release/.hidden", "hidden");
    await put("skills/release/notes/.hidden", "hidden");
    await symlink(join(dir, "secret.txt"), join(dir, "skills/release/link.txt"));
    await symlink("notes", join(dir, "skills/release/linked"));
    await symlink(dir, join(dir, "skills/release/linked-out"));
    spawnSync("sh", ["-c", 'mkfifo "$0"', join(dir, "skills/release/pipe")]);
    expect((await skills.read("release"))?.files).toEqual(["notes/a.md"]);
    await expect(skills.readFile("release", path)).rejects.toMatchObject({
      code: "invalid_input",
      field: "path",
    });
  });

  test("are never outside, whatever the path", async () => {
    const part = fc.oneof(
      fc.constantFrom("..", ".", "", "notes", "a.md", "secret.txt", "~", "\0", "\\", "%2e%2e"),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const text = await skills.readFile("release", parts.join("/")).catch((error) => {
          expect(error).toMatchObject({ code: "invalid_input" });
          return "inside";
        });
        expect(text).toBe("inside");
      }),
      { numRuns: 500 },
    );
  });

  test("are text, cut with a word where they are long, at the end of a character", async () => {
    await put("skills/release/image.png", Buffer.from([0x89, 0x50, 0, 0xff]));
    await put("skills/release/long.txt", `x${"é".repeat(200_000)}`);
    await put("skills/release/full.txt", "y".repeat(262_144));
    await put("skills/release/marked.txt", "\uFEFFmarked");
    await expect(skills.readFile("release", "image.png")).rejects.toThrow('"image.png" is not text');
    const long = await skills.readFile("release", "long.txt");
    expect(long).toMatch(/^xé+\n\(cut: the first 262143 of 400001 bytes\)$/);
    expect(await skills.readFile("release", "full.txt")).toBe("y".repeat(262_144));
    expect(await skills.readFile("release", "marked.txt")).toBe("marked");
    await expect(skills.readFile("nothing", "a.md")).rejects.toMatchObject({
      code: "invalid_input",
      field: "name",
    });
  });
});

describe("names", () => {
  test.each(["a", "pdf-tools", "0", "a1-b2-c3", "x".repeat(64)])("%j is one", (name) => {
    expect(isSkillName(name)).toBe(true);
  });
  test.each(["", "A", "-a", "a-", "a--b", "a_b", "a.b", "a b", "é", "a\n", "../a", "x".repeat(65)])(
    "%j is none",
    (name) => {
      expect(isSkillName(name)).toBe(false);
    },
  );
});

test.each([[""], [[]], [["./skills", ""]], [{ dir: [] }], [{ dir: "" }]])(
  "%j names no folder and is refused",
  (source) => {
    expect(() => markdownSkills(source)).toThrow(
      expect.objectContaining({ code: "invalid_input", field: "dir" }),
    );
  },
);

test("an agent sees names, reads the skill and then its file", async () => {
  await putSkill("release", "How a release goes out.", "Read checks.md.");
  await put("skills/release/checks.md", "Look twice.");
  const provider = scriptedProvider([
    calls(["skill", { name: "release" }]),
    calls(["skill", { name: "release", file: "checks.md" }]),
    writesResult("out"),
  ]);
  const agent = new Agent({ model: provider.model, role: "You ship.", skills });
  expect(await agent.run("ship it")).toBe("out");
  expect(provider.requests[0]?.system).toBe(
    "You ship.\n\n<skills>\nrelease: How a release goes out.\n</skills>",
  );
  const said = provider.requests.map(({ messages }) => JSON.stringify(messages.at(-1)));
  expect(said[1]).toContain("Read checks.md.\\n\\nFiles of this skill:\\nchecks.md");
  expect(said[2]).toContain("Look twice.");
  expect(await runTool(skillTool(skills), { name: "release", file: "../../x" })).toMatchObject({
    kind: "error",
  });
});

toolSuite({
  name: "skill over markdown",
  open: async () => {
    await putSkill("release");
    await put("skills/release/checks.md", "Look twice.");
    return { tool: skillTool(skills), state: async () => [] };
  },
  valid: [{ name: "release" }, { name: "release", file: "checks.md" }],
  invalid: [{}, { name: 7 }],
  failing: [{ name: "nothing" }, { name: "release", file: "../secret" }],
});
