import { expect, test } from "vitest";
import { toErrorMessage } from "./to-error-message.ts";

/** As Node makes some of its own. */
const noMessage = "";
const refused = new Error("connect ECONNREFUSED 127.0.0.1:9");
const fetchFailed = new TypeError("fetch failed", { cause: refused });

test.each([
  ["a text", "broken", "broken"],
  ["an object", { code: 3 }, '{"code":3}'],
  ["an error without a message", new TypeError(noMessage), "TypeError"],
  ["an error and its cause", fetchFailed, "fetch failed (connect ECONNREFUSED 127.0.0.1:9)"],
  [
    "a cause that says what was said, and the next one",
    new Error("The probe failed: fetch failed", { cause: fetchFailed }),
    "The probe failed: fetch failed (connect ECONNREFUSED 127.0.0.1:9)",
  ],
  [
    "several causes at once, of which Node says nothing itself",
    new TypeError("fetch failed", { cause: new AggregateError([refused, new Error("other")], noMessage) }),
    "fetch failed (connect ECONNREFUSED 127.0.0.1:9)",
  ],
])("tells %s", (_what, thrown, told) => {
  expect(toErrorMessage(thrown)).toBe(told);
});

test("causes that go round in circles come to an end", () => {
  const error = new Error("round");
  error.cause = new Error("round", { cause: error });
  expect(toErrorMessage(error)).toBe("round");
});
