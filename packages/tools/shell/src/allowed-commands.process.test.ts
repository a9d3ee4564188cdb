import { execFileSync } from "node:child_process";
import { runTool } from "@agentwerk/core/testing";
import { afterAll, describe, expect, it } from "vitest";
import { bash } from "./bash.ts";
import { generousPolicy } from "./testing/generous-policy.ts";
import { createPlayground } from "./testing/playground.ts";

const playground = createPlayground();
const dir = playground.create();
afterAll(() => playground.remove());

const tool = bash({ allow: [...generousPolicy, "CI=1 git *"], redirect: ["out/*"] });

/** What is checked is what runs: the tool's answer is the one that bash gives to the command as it was written. */
describe("an allowed command does what bash does", () => {
  it.each([
    "git status --short",
    "git log --oneline -n 2",
    "git log --format='%s %an' | head -1",
    "git diff HEAD~1 --stat",
    "CI=1 git log --oneline",
    "timeout 5 git status --short",
    "env git log --oneline",
    "echo a  b",
    "echo 'a  b' \"c  d\" e\\ f",
    'echo it\\\'s "\\$5 \\"q\\" \\q"',
    "echo $'tab\\there' $'\\x41\\101'",
    "echo \"\"x''y",
    "echo ünïcödé 👩‍💻",
    "echo a#b # comment",
    "echo a; echo b",
    "echo a && echo b || echo c",
    "false || echo c",
    "! false && echo yes",
    "true; true\n\necho three",
    "echo one \\\n two",
    "echo a | cat | wc -c",
    "echo a |& cat",
    "ls nosuch 2>/dev/null; echo done",
    "ls nosuch >/dev/null 2>&1 || echo gone",
    "(echo a; echo b) | sort -r",
    "{ echo a; echo b; } | wc -l",
    "if [ -f scripts/ok.sh ]; then echo yes; else echo no; fi",
    "if false; then echo a; elif true; then echo b; fi",
    "for f in a 'b c' d; do echo \"<$f>\"; done",
    'for f in scripts/*.sh; do cat "$f"; done',
    'for f in a b; do for g in 1 2; do echo "$f$g"; done; done',
    "case abc in a*) echo yes;; *) echo no;; esac",
    "case 'a*' in 'a*') echo star;; esac",
    "while false; do echo never; done; echo end",
    'f() { echo "got $1 of $#"; }; f x y',
    "f() { echo in; }; f | cat",
    'echo "$(echo inner | cat)"',
    'echo "a $(echo "b $(echo c)") d"',
    "echo `echo tick`",
    "cat <(echo one) <(echo two)",
    "cat < <(echo sub)",
    "echo $((6 * 7))",
    'echo "$?"',
    "false; echo $?",
    "cat <<E\nplain\nE",
    "cat <<'E'\n$x `y` \\z\nE",
    "cat <<E\n$(echo run) \\$x\nE",
    "cat <<-E\n\ttabs\n\t\tgone\n\tE",
    "cat <<E | wc -l\na\nb\nE",
    "cat <<< 'a b'",
    "cat <<E\nE",
    "cat <<A\nit's\nA\necho after",
    "ls scripts/ok.*",
    "ls scripts/[!e]k.sh scripts/o?.pl",
    "echo '*' \"?\" \\[a]",
    "ls nosuch*",
    "echo ~/x | wc -l",
    "sed -n '1p' scripts/ok.sh",
    "sed -e 's/e/E/g' -e 's#f#F#' scripts/ok.sh",
    "sed -E 's/(f)(i)/\\2\\1/;$d' scripts/ok.sh",
    "awk '{ print $2, NR }' scripts/ok.sh",
    "awk -F: '/e/ && NR<5 { n++ } END { print n }' scripts/ok.sh",
    "sort -u -k1,1 scripts/ok.sh",
    "uniq -c scripts/ok.sh",
    "find scripts -name '*.sh' -type f | xargs wc -l",
    "find . -maxdepth 1 -name 'o*' -print0 | wc -c",
    "grep -rn 'fine' scripts | head -3",
    "cd scripts && ls",
    "test -d out && echo dir",
    '[ "x$(echo y)" = xy ] && echo same',
    "printf '%s-%s\\n' a b c d",
    "date -u -d @0 +%Y",
    "tar tf scripts.tar | sort",
    "time true",
    "echo hi > out/a.txt; cat out/a.txt",
    "echo a >> out/b.txt && echo b >> ./out/b.txt && cat out/b.txt",
    "cat < out/a.txt",
    "python3 scripts/ok.py; echo $?",
    "./scripts/ok.sh",
    "bash scripts/ok.sh",
    "git commit --allow-empty -qm \"$(cat <<'EOF'\nA subject\n\nWith $dollars and `ticks`\nEOF\n)\"; git log -1 --format=%B",
  ])("%j", async (command) => {
    const expected = execFileSync("/bin/bash", ["-c", `exec 2>&1\n${command}\n:`], {
      cwd: dir,
      encoding: "utf8",
      env: { ...process.env, TERM: "dumb" },
    });
    if (command.includes("out/b.txt")) execFileSync("rm", ["-f", "out/b.txt"], { cwd: dir });
    const answer = await runTool(tool, { command }, { dir });
    if (command.startsWith("time ")) return expect(answer).toContain("real");
    const output = String(answer).replace(/\n?\[exit code \d+\]$/, "");
    expect(output).toBe(expected.replace(/\n+$/, "") || "(no output, exit code 0)");
  });
});
