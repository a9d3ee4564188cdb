import { expect, test } from "vitest";
import { mentions } from "./redact.ts";

test("finds a secret in the body of an error, also in one that holds itself", () => {
  const body: Record<string, unknown> = { deep: { key: "secret-of-the-user" } };
  const error = Object.assign(new Error("refused"), { body });
  expect(mentions(error, ["secret-of-the-user"])).toBe(true);
  body.self = body;
  expect(mentions(error, ["secret-of-the-user"])).toBe(true);
  expect(mentions(error, ["another-secret"])).toBe(false);
});
