import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { cliBench, mainFile } from "../../testing/cli-bench.ts";

describe("completion", () => {
  test("offers commands, options, agents and tickets", async () => {
    using bench = cliBench({
      files: {
        "agentwerk.config.json": '{ "agents": [{ "name": "ann", "labels": ["x"], "role": "x" }] }',
      },
    });
    await bench.run(["tickets", "create", "hello", "-l", "x"]);
    const words = async (...line: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await bench.run(["__complete", "--", ...line]);
      return stdout
        .trimEnd()
        .split("\n")
        .map((candidate) => candidate.split("\t")[0] ?? "");
    };
    expect(await words("tick")).toEqual(["tickets"]);
    expect(await words("")).not.toContain("__complete");
    expect(await words("tickets", "re")).toEqual(["reply", "reject", "retry"]);
    expect(await words("run", "--ag")).toEqual(["--agent"]);
    expect(await words("run", "--agent", "")).toEqual(["ann"]);
    expect(await words("tickets", "list", "--status", "in")).toEqual(["in_progress"]);
    expect(await words("tickets", "show", "")).toEqual(["TICKET-1"]);
    expect(await words("tickets", "create", "x", "--blocked-by", "")).toEqual(["TICKET-1"]);
    expect(await words("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  test("bash completes with the script", async () => {
    using bench = cliBench();
    const { stdout: script } = await bench.run(["completion", "bash"]);
    bench.write({
      "complete.bash": script,
      "bin/agentwerk": `#!/bin/sh\nexec '${process.execPath}' --conditions=@agentwerk/source '${mainFile}' "$@"\n`,
      "try.sh": `chmod +x bin/agentwerk; PATH=$PWD/bin:$PATH; . ./complete.bash\nCOMP_WORDS=(agentwerk tickets ca); COMP_CWORD=2; _agentwerk; printf '%s\\n' "\${COMPREPLY[@]}"\n`,
    });
    const { stdout } = await promisify(execFile)("bash", ["try.sh"], {
      cwd: bench.folder,
      env: bench.environment(),
    });
    expect(stdout).toBe("cancel\n");
  });
});
