import { join } from "node:path";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, it } from "vitest";
import { mount } from "../../testing/mount.ts";
import { serveWithOAuth } from "../../testing/oauth-server.ts";
import { temporaryDir } from "../../testing/temporary-dir.ts";
import { OAuthFile } from "./oauth-file.ts";
import { SignIn } from "./sign-in.ts";

it("calls that find their tokens taken back together send the person to one page, and all go on", async () => {
  const { url, log, revoke } = await serveWithOAuth();
  const pages: string[] = [];
  // A person takes their time.
  const openBrowser = (page: string): void => {
    pages.push(page);
    setTimeout(() => void fetch(page), 100);
  };
  const { call, tool } = await mount({ docs: { url } }, { openBrowser });
  await tool("docs__add");
  revoke();

  const answers = await Promise.all([1, 2, 3, 4, 5].map((a) => call("docs__add", { a, b: 0 })));

  for (const [index, answer] of answers.entries())
    expect(JSON.stringify(answer)).toContain(`"text":"${index + 1}"`);
  expect(pages).toHaveLength(2);
  expect(log.slice(3)).toEqual(["token refresh_token", "authorize S256", "token authorization_code"]);
});

it("one of those who wait for a person may give up, the others go on", async () => {
  const pages: string[] = [];
  const config = { url: "https://docs.example/mcp" };
  const file = new OAuthFile(join(await temporaryDir(), "oauth.json"));
  const signIn = new SignIn({ config, file, openBrowser: (page) => void pages.push(page) });
  const provider = await signIn.provider();
  if (provider === undefined || !("redirectToAuthorization" in provider)) throw new Error("no provider");
  const transport = new StreamableHTTPClientTransport(new URL(config.url));
  const finished: URLSearchParams[] = [];
  transport.finishAuth = async (parameters) => void finished.push(new URLSearchParams(parameters));

  await provider.saveCodeVerifier("verifier");
  const second = expect(provider.saveCodeVerifier("another")).rejects.toThrow("asked to sign in already");
  await provider.redirectToAuthorization(new URL("https://docs.example/authorize?state=known"));
  await second;
  await expect(provider.saveCodeVerifier("third")).rejects.toThrow("asked to sign in already");
  const impatient = new AbortController();
  const [given, patient] = [impatient.signal, new AbortController().signal].map((signal) =>
    signIn.finish(transport, signal),
  );
  impatient.abort();
  await expect(given).rejects.toThrow();
  expect(signIn.isPending).toBe(true);
  const back = await fetch(`${String(provider.redirectUrl)}?code=c&state=known`);

  expect(back.status).toBe(200);
  await patient;
  expect(finished.map((parameters) => parameters.get("code"))).toEqual(["c"]);
  expect(pages).toEqual(["https://docs.example/authorize?state=known"]);
  expect(signIn.isPending).toBe(false);
  expect((await file.read()).codeVerifier).toBe("verifier");
});
