import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkCommand } from "./check-command.ts";
import { parsePolicy } from "./policy/command-policy.ts";
import { compileCommand } from "./syntax/compile-command.ts";
import { generousPolicy } from "./testing/generous-policy.ts";

const policy = parsePolicy({ allow: ["git log *", "echo *", "cat *", "true", "wc -l"] });

const allowed = fc.constantFrom(
  "git log -3",
  "echo 'a; b'",
  'cat "x y"',
  "true",
  "wc -l",
  "echo \\$HOME",
  "git log",
);
const refused = fc.constantFrom(
  "rm -rf x",
  "git push",
  "git log --output=x",
  "eval true",
  "$x",
  "echo a > f",
  "wc -c",
  "X=1 true",
  "[[ a ]]",
);

interface Composed {
  readonly text: string;
  readonly allowed: boolean;
}

const part: fc.Arbitrary<Composed> = fc.oneof(
  { weight: 4, arbitrary: allowed.map((text) => ({ text, allowed: true })) },
  { weight: 1, arbitrary: refused.map((text) => ({ text, allowed: false })) },
);

const around: readonly ((text: string) => string)[] = [
  (text) => `( ${text} )`,
  (text) => `{ ${text}\n}`,
  (text) => `if ${text}\nthen true; fi`,
  (text) => `if true; then ${text}\nelse true; fi`,
  (text) => `while ${text}\ndo true; done`,
  (text) => `for f in a b; do ${text}\ndone`,
  (text) => `case a in a) ${text}\n;; esac`,
  (text) => `echo "$( ${text}\n)"`,
  (text) => `cat <(${text}\n)`,
  // Each document has a delimiter of its own, or an inner one would end the outer.
  (text) => `cat <<END${text.length}\n$( ${text}\n)\nEND${text.length}\n`,
  (text) => `f() { ${text}\n}\nf`,
  (text) => `! ${text}`,
];

const composed: fc.Arbitrary<Composed> = fc.letrec<{ node: Composed }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    part,
    fc
      .tuple(fc.constantFrom(...around), tie("node"))
      .map(([wrap, inner]) => ({ ...inner, text: wrap(inner.text) })),
    fc
      .tuple(tie("node"), fc.constantFrom("\n", " && ", " || ", " ;\n", " | ", " &\n"), tie("node"))
      .map(([left, operator, right]) => ({
        // Groups, so that an operator joins what it stands between.
        text: `{ ${left.text}\n}${operator}{ ${right.text}\n}`,
        allowed: left.allowed && right.allowed,
      })),
  ),
})).node;

describe("a command line of parts", () => {
  it("is allowed exactly when every part is", () => {
    fc.assert(
      fc.property(composed, ({ text, allowed: expected }) => {
        expect(checkCommand(text, policy).allowed).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
  }, 60_000);

  it("is printed so that checking it again gives the same commands", () => {
    fc.assert(
      fc.property(composed, ({ text }) => {
        const verdict = checkCommand(text, policy);
        if (!verdict.allowed) return;
        const first = compileCommand(text).commands.map(({ words }) => words.map(({ value }) => value));
        const again = compileCommand(verdict.script);
        expect(
          again.commands
            .map(({ words }) => words.map(({ value }) => value))
            .filter(([name]) => !name?.startsWith("agentwerk_function_")),
        ).toEqual(first);
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);
});

describe("any text", () => {
  const generous = parsePolicy({ allow: generousPolicy });
  const shellText = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ..."$`'\"\\(){}[]<>|&;!#*?~=\n\t -",
          "$(",
          "${",
          "$((",
          "<<",
          "<<<",
          "<(",
          "$'",
          '$"',
          "git",
          "echo",
          "log",
          "if",
          "then",
          "fi",
          "do",
          "done",
          "case",
          "esac",
          "in",
          "E",
          "\0",
          "\r",
          "\ud800",
          "é",
        ),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 30 },
    )
    .map((pieces) => pieces.join(""));

  it("never crashes the checker, and is quick", () => {
    fc.assert(
      fc.property(fc.oneof(shellText, fc.string({ unit: "binary", maxLength: 200 })), (text) => {
        const startedAt = performance.now();
        expect(checkCommand(text, generous)).toHaveProperty("allowed");
        expect(performance.now() - startedAt).toBeLessThan(500);
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);

  it("runs only what a pattern names, whatever surrounds it", () => {
    fc.assert(
      fc.property(shellText, (text) => {
        const verdict = checkCommand(text, policy);
        if (!verdict.allowed) return;
        for (const { words } of compileCommand(verdict.script).commands) {
          expect(
            ["git", "echo", "cat", "true", "wc"].includes(words[0]?.value ?? "") ||
              words[0]?.value?.startsWith("agentwerk_function_"),
          ).toBe(true);
        }
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);

  it.each([
    ["deep groups", `${"(".repeat(5_000)}true${")".repeat(5_000)}`],
    ["deep substitutions", "echo ".concat("$(echo ".repeat(2_000), ")".repeat(2_000))],
    ["many parts", "true;".repeat(9_000)],
    ["a long word", `echo ${"a".repeat(40_000)}`],
    ["many stars", `echo ${"*a".repeat(10_000)}`],
    ["a long sed program", `sed '${"s/a/b/;".repeat(5_000)}'`],
    ["a sed program that almost fits", `sed '${" ;".repeat(900)}w x'`],
    ["too much", `echo ${"a ".repeat(60_000)}`],
  ])("answers in time on %s", (_name, text) => {
    const startedAt = performance.now();
    checkCommand(text, generous);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
