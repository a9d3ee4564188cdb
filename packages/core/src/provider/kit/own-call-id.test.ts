import { expect, test } from "vitest";
import { ownCallId } from "./own-call-id.ts";

test("an id is kept where it is there and the first of its reply, and made otherwise", () => {
  const taken = new Set<string>();
  expect(ownCallId("a", taken)).toBe("a");
  expect(ownCallId("b", taken)).toBe("b");
  const made = ["a", "", null, undefined].map((given) => ownCallId(given, taken, "toolu_"));
  for (const id of made) expect(id).toMatch(/^toolu_[0-9a-f-]{18}$/);
  expect(new Set(made).size).toBe(4);
  expect([...taken]).toEqual(["a", "b", ...made]);
});
