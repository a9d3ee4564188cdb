import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Directories with a small repository, a few scripts, and files that are waiting to be abused. */
export interface Playground {
  /** A fresh copy. */
  create(): string;
  hasCanary(dir: string): boolean;
  remove(): void;
}

const evilProgram = "#!/bin/sh\ntouch canary\n";

const files: Readonly<Record<string, string>> = {
  "scripts/ok.sh": "echo ok\n",
  "scripts/ok.pl": "print 1;\n",
  "scripts/ok.py": "import evil_or_not\n",
  "scripts/ok.cjs": "\n",
  "scripts/warn.cjs": "process.emitWarning('x');\n",
  "scripts/evil_or_not.py": "",
  "evil/git": evilProgram,
  "evil/git-evil": evilProgram,
  "evil/ls": "#!/bin/sh\n/usr/bin/touch canary\n",
  "evil/env.sh": "touch canary\n",
  "evil/evil.pm": 'open(F,">canary");1;\n',
  "evil/evil.cjs": 'require("fs").writeFileSync("canary","")\n',
  "evil/sitecustomize.py": 'open("canary","w")\n',
  "evil/sed": "1e touch canary\n",
  "evil/awk": 'BEGIN { system("touch canary") }\n',
  "evil/Makefile": "$(shell touch canary)\nall:\n",
  "evil/lesskey": "#env\nLESSOPEN=|touch canary; cat %s\n",
  "package.json": '{ "name": "playground" }\n',
  "evil/curl": 'output = "canary"\nurl = "file:///etc/hostname"\n',
};

export function createPlayground(): Playground {
  const root = mkdtempSync(join(tmpdir(), "agentwerk-shell-"));
  const template = join(root, "template");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(template, path, ".."), { recursive: true });
    writeFileSync(join(template, path), text, { mode: 0o755 });
  }
  mkdirSync(join(template, "out"));
  symlinkSync(".", join(template, "link"));
  const run = (command: string, ...args: readonly string[]): void => {
    execFileSync(command, args, { cwd: template, stdio: "ignore" });
  };
  run("git", "init", "-q");
  run("git", "config", "user.email", "test@example.com");
  run("git", "config", "user.name", "test");
  run("git", "add", ".");
  run("git", "commit", "-qm", "one");
  writeFileSync(join(template, "scripts/ok.sh"), "echo fine\n");
  run("git", "commit", "-qam", "two");
  run("tar", "cf", "scripts.tar", "scripts");
  let count = 0;
  return {
    create() {
      count += 1;
      const dir = join(root, `case-${count}`);
      cpSync(template, dir, { recursive: true, verbatimSymlinks: true });
      return dir;
    },
    hasCanary: (dir) => existsSync(join(dir, "canary")),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
