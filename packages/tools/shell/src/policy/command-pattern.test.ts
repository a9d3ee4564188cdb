import { describe, expect, it } from "vitest";
import { checkCommand } from "../check-command.ts";
import { parsePolicy } from "./command-policy.ts";

const allows = (allow: string, command: string): boolean =>
  checkCommand(command, parsePolicy({ allow: [allow] })).allowed;

describe("an allow pattern", () => {
  it.each([
    ["git status", "git status"],
    ["git status", "git   'status'"],
    ["git log *", "git log"],
    ["git log *", "git log -3 --oneline"],
    ["cat src/*", "cat src/a.ts"],
    ["cat src/**", "cat src/a/b.ts"],
    ["cat *.md", "cat README.md"],
    ["git show HEAD~* --stat", "git show HEAD~2 --stat"],
    ["echo 'a b'", "echo a\\ b"],
    ["echo '*'", "echo '*'"],
    ["echo \\*", "echo \\*"],
    ["CI=1 npm test", "CI=1 npm test"],
    ["CI=* npm test", "CI=true npm test"],
    ["./scripts/*.sh *", "./scripts/a.sh 1 2"],
    ["find * -exec grep -l TODO *", "find src -exec grep -l TODO {} +"],
    ["git -c color.ui=never log *", "git -c color.ui=never log -1"],
    ["sort --output=out/* *", "sort --output=out/a x"],
    ["python3 -c *", "python3 -c 'print(1)'"],
    ["timeout 60 npm test *", "timeout 60 npm test -- x"],
    ["xargs -n 1 wc *", "xargs -n 1 wc -l"],
    ["sed '1e date'", "sed '1e date'"],
  ])("%j allows %j", (pattern, command) => {
    expect(allows(pattern, command)).toBe(true);
  });

  it.each([
    ["git status", "git status --short"],
    ["git status", "git"],
    ["git log *", "git logs"],
    ["git log *", "git -C . log"],
    ["git log *", "/usr/bin/git log"],
    ["git log *", "X=1 git log"],
    ["cat src/*", "cat src/../x"],
    ["cat src/*", "cat src/a/b"],
    ["cat src/*", "cat src/.."],
    ["cat src/**", "cat src/a/../../x"],
    ["cat src/**", "cat src/.."],
    ["cat --file=*", "cat --file=../x".replace("../x", "..")],
    ["cat src/*", "cat src/$x"],
    ["cat src/*", "cat src/*"],
    ["echo '*'", "echo a"],
    ["CI=1 npm test", "npm test"],
    ["CI=1 npm test", "CI=2 npm test"],
    ["CI=1 npm test", "CI=1 NODE_OPTIONS=x npm test"],
    ["CI=1 npm test", "'CI=1' npm test"],
    ["sort --output=out/* *", "sort --output=x"],
    ["sort *", "sort -o x"],
    ["find * -exec grep -l TODO *", "find src -exec grep -l TODO {} + -exec sh x"],
    ["timeout 60 git *", "timeout 60 git -c a=b log"],
    ["ls *", "LS"],
  ])("%j does not allow %j", (pattern, command) => {
    expect(allows(pattern, command)).toBe(false);
  });

  it.each([
    ["*", "names no command"],
    ["", "names no command"],
    ["'' x", "names no command"],
    ["A=1", "names no command"],
    ["eval *", "no pattern can allow"],
    ["source x", "no pattern can allow"],
    ["xargs *", "runs whatever command follows"],
    ["env *", "runs whatever command follows"],
    ["sudo -u * ls", "runs whatever command follows"],
    ["timeout 60 *", "runs whatever command follows"],
    ["git 'log", "open quote"],
  ])("%j is refused at the door: %s", (allow, message) => {
    expect(() => parsePolicy({ allow: ["true", allow] })).toThrow(message);
    expect(() => parsePolicy({ allow: ["true", allow] })).toThrow(
      expect.objectContaining({ code: "invalid_input", field: "allow[1]" }),
    );
  });
});

describe("deny and denyFlags", () => {
  const policy = parsePolicy({
    allow: ["git *", "timeout 9 git *", "npm *", "python3 *"],
    deny: ["git push --force *", "git reset"],
    denyFlags: { git: ["--amend", "-f"], "npm run": ["--silent"], "*": ["--dangerous"], python3: ["-B"] },
  });

  it.each([
    "git push --force origin",
    "git push origin --force",
    "git push --forc",
    "git --no-pager push --force=x",
    "timeout 9 git push --force",
    "git reset --hard",
    "git --no-pager reset",
    "git commit --amend",
    "git commit --ame",
    "git push -uf",
    "npm run x --silent",
    "npm test --dangerous",
    'git "$(echo reset)"',
    "git $x",
    "python3 -B x.py",
    "git log | git reset",
  ])("refuse %j", (command) => {
    expect(checkCommand(command, policy).allowed).toBe(false);
  });

  it.each(["git push origin", "git commit -m x", "npm test --silent", "python3 x.py"])(
    "leave %j alone",
    (command) => {
      expect(checkCommand(command, policy)).toMatchObject({ allowed: true });
    },
  );

  it("are not lifted by a pattern that names what they refuse", () => {
    const both = parsePolicy({ allow: ["git push --force"], denyFlags: { git: ["--force"] } });
    expect(checkCommand("git push --force", both).allowed).toBe(false);
  });

  it("refuse flags that are none", () => {
    expect(() => parsePolicy({ denyFlags: { git: ["force"] } })).toThrow(
      expect.objectContaining({ field: 'denyFlags["git"]' }),
    );
  });
});

describe("redirect", () => {
  const policy = parsePolicy({ allow: ["echo *", "cat", "cd *", "./run.sh"], redirect: ["out/*.txt"] });

  it.each(["echo a > out/a.txt", "echo a >> ./out/a.txt", "cat < out/a.txt", "echo a 2> out/e.txt"])(
    "allows %j",
    (command) => {
      expect(checkCommand(command, policy).allowed).toBe(true);
    },
  );

  it.each([
    "echo a > out/a.sh",
    "echo a > out/../a.txt",
    "echo a > /tmp/a.txt",
    "echo a > out/b/a.txt",
    "cd x && echo a > out/a.txt",
    "echo a > out/$x.txt",
    "echo a > /dev/tcp/127.0.0.1/80",
    "cd x && ./run.sh",
    "cat <> out/a.txt",
  ])("refuses %j", (command) => {
    expect(checkCommand(command, policy).allowed).toBe(false);
  });

  it.each(["/tmp/x", "../x", "a b", ""])("refuses the pattern %j", (pattern) => {
    expect(() => parsePolicy({ redirect: [pattern] })).toThrow(
      expect.objectContaining({ field: "redirect[0]" }),
    );
  });
});

it("allows nothing without a pattern", () => {
  expect(checkCommand("true", parsePolicy({})).allowed).toBe(false);
});
