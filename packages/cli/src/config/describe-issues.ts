import type { z } from "zod";
import { didYouMean } from "./closest.ts";

type Issue = z.core.$ZodIssue;

/** What is wrong with a value, by the path of the field; one line. */
export function describeIssue(issue: Issue, known: (path: string) => readonly string[] = () => []): string {
  const inner = innermost(issue);
  if (inner !== issue) return describeIssue(inner, known);
  const path = formatPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    return `${joinPath(path, key)} is not an option.${didYouMean(key, known(path))}`;
  }
  return `${path === "" ? "It" : path} ${toPredicate(issue)}.`;
}

/** Of alternatives without a message of their own, the last one is the usual one: its first problem is told. */
function innermost(issue: Issue): Issue {
  if (issue.code !== "invalid_union" || issue.message !== "Invalid input") return issue;
  const [first] = byImportance(issue.errors.at(-1) ?? []);
  return first === undefined ? issue : { ...first, path: [...issue.path, ...first.path] };
}

/** A misspelt option is the cause of one that is missing. */
export function byImportance(issues: readonly Issue[]): readonly Issue[] {
  return issues.toSorted((left, right) => rank(left) - rank(right));
}

function rank({ code }: Issue): number {
  return code === "unrecognized_keys" ? 0 : 1;
}

/** `agents[0].tools[2]` */
function formatPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? String(part) : `.${String(part)}`;
  }
  return text;
}

function joinPath(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** Messages of our own are predicates; those of zod are made one. */
function toPredicate(issue: Issue): string {
  if (/^(is|has) /.test(issue.message)) return issue.message;
  if (issue.code === "invalid_type") {
    const isMissing = issue.input === undefined && /undefined$/.test(issue.message);
    return isMissing ? `is missing; give ${article(issue.expected)}` : `has to be ${article(issue.expected)}`;
  }
  if (issue.code === "too_small")
    return `has to be ${issue.inclusive ? "at least" : "above"} ${issue.minimum}`;
  if (issue.code === "too_big") return `has to be ${issue.inclusive ? "at most" : "below"} ${issue.maximum}`;
  return `does not fit: ${issue.message}`;
}

function article(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    array: "a list",
    int: "a whole number",
    number: "a number",
    object: "an object",
    record: "an object",
    string: "a text",
    boolean: "true or false",
  };
  return words[expected] ?? expected;
}
