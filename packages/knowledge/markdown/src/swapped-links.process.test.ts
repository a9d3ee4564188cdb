import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { markdownSkills } from "./markdown-skills.ts";

const program = fileURLToPath(new URL("./swap-folder.program.ts", import.meta.url));
let dir: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), "agentwerk-skills-")));
  await mkdir(join(dir, "skills/release/notes"), { recursive: true });
  await mkdir(join(dir, "outside"));
  await writeFile(join(dir, "skills/release/SKILL.md"), "---\nname: release\ndescription: d\n---\ninside\n");
  await writeFile(join(dir, "skills/release/notes/a.md"), "inside");
  await writeFile(join(dir, "outside/a.md"), "outside");
  await writeFile(join(dir, "outside/only-outside.md"), "outside");
  await writeFile(join(dir, "outside/SKILL.md"), "---\nname: release\ndescription: d\n---\noutside\n");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test.each(["skills/release/notes", "skills/release"])(
  "a link swapped in for %s leads nothing out",
  async (folder) => {
    const args = [program, join(dir, folder), join(dir, "outside")];
    const swapper = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(swapper, "exit");
    try {
      await once(swapper.stdout, "data");
      const skills = markdownSkills({ dir: join(dir, "skills"), onProblem: () => {} });
      const seen = new Set<string>();
      const until = Date.now() + 3_000;
      while (Date.now() < until || !seen.has("inside")) {
        seen.add(await skills.readFile("release", "notes/a.md").catch(() => "refused"));
        seen.add(await skills.readFile("release", "a.md").catch(() => "refused"));
        const skill = await skills.read("release");
        seen.add(skill?.body ?? "refused");
        for (const file of skill?.files ?? []) seen.add(file);
      }
      expect(swapper.exitCode).toBeNull();
      const unexpected = [...seen].filter((one) => !/^(?:inside|refused|notes(?:-aside)?\/a\.md)$/.test(one));
      expect(unexpected).toEqual([]);
      expect(seen).toContain("inside");
    } finally {
      swapper.kill("SIGKILL");
      await ended;
    }
  },
);
