import { expect, it } from "vitest";
import { mount } from "../../testing/mount.ts";
import { serveWithOAuth } from "../../testing/oauth-server.ts";
import { temporaryDir } from "../../testing/temporary-dir.ts";

/** A person who agrees to everything. */
const agrees = async (page: string): Promise<void> => void (await fetch(page));

it("a refresh token that another process uses at the same moment is no reason to sign in again", async () => {
  const { url, log, expire, holdTokens } = await serveWithOAuth();
  const stateDir = await temporaryDir();
  await (await mount({ docs: { url } }, { stateDir, openBrowser: agrees })).tools();
  const first = await mount({ docs: { url } }, { stateDir });
  const second = await mount({ docs: { url } }, { stateDir });
  for (const { tool } of [first, second]) await tool("docs__add");
  expire();
  // Both have read the same token before the service answers either.
  holdTokens(2);

  const answers = await Promise.all([first, second].map(({ call }) => call("docs__add", { a: 3, b: 4 })));

  expect(answers.map((answer) => JSON.stringify(answer))).toEqual([
    expect.stringContaining('"7"'),
    expect.stringContaining('"7"'),
  ]);
  expect(log.slice(3)).toEqual(["token refresh_token", "token refresh_token"]);
});

it("calls that run out of their token together refresh it once, and nobody has to sign in again", async () => {
  const { url, log, expire } = await serveWithOAuth();
  const stateDir = await temporaryDir();
  await (await mount({ docs: { url } }, { stateDir, openBrowser: agrees })).tools();
  const { tool, call } = await mount({ docs: { url } }, { stateDir });
  await tool("docs__add");
  expire();

  const answers = await Promise.all(
    Array.from({ length: 10 }, (_call, index) => call("docs__add", { a: index, b: 0 })),
  );

  for (const [index, answer] of answers.entries()) expect(JSON.stringify(answer)).toContain(`"${index}"`);
  expect(log.slice(3)).toEqual(["token refresh_token"]);
});
