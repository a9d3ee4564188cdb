import { expect, test } from "vitest";
import { resolveEndpoint } from "./endpoint.ts";

const defaults = {
  vendor: "Vendor",
  providerName: "vendor",
  prefix: "VENDOR",
  officialUrl: "https://vendor.example/v1",
  keysUrl: "https://vendor.example/keys",
};
const baseUrlOf = (baseUrl: string): string => resolveEndpoint({ baseUrl, env: {} }, defaults).baseUrl;

test.each([
  "http://me:secret@127.0.0.1:2/v1",
  "https://secret@vendor.example/v1",
  "https://:secret@vendor.example",
  "me:secret@vendor.example/v1",
  "http://me:secret@vendor.example:port/v1",
  "ftp://me:secret@vendor.example",
])("a name or a password in a base URL is refused without being shown: %s", (baseUrl) => {
  let refusal: unknown;
  try {
    baseUrlOf(baseUrl);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({
    code: "invalid_input",
    field: "baseUrl",
    message: expect.stringMatching(
      /^baseUrl has a name or a password .* pass them as apiKey or in headers\.$/,
    ),
  });
  expect(String(refusal)).not.toContain("secret");
});

test("the same from the environment is refused, too", () => {
  const env = { VENDOR_BASE_URL: "http://me:secret@localhost/v1" };
  expect(() => resolveEndpoint({ env }, defaults)).toThrow(/^baseUrl has a name or a password/);
});

test("an @ in the path is none of them", () => {
  expect(baseUrlOf("https://vendor.example/@team/v1/")).toBe("https://vendor.example/@team/v1");
});
