import { chmod, readdir, readFile, rename, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { mount } from "../../testing/mount.ts";
import { serveWithOAuth } from "../../testing/oauth-server.ts";
import { temporaryDir } from "../../testing/temporary-dir.ts";
import { OAuthFile } from "./oauth-file.ts";
import { SignIn } from "./sign-in.ts";

/** A person who agrees to everything. */
const agrees = async (page: string): Promise<void> => void (await fetch(page));

async function tokenFile(stateDir: string): Promise<string> {
  const folder = join(stateDir, "oauth");
  const [name = ""] = await readdir(folder);
  return join(folder, name);
}

describe("the sign-in at a remote server", () => {
  it("registers, goes over the browser with PKCE, and keeps the tokens in a file of the user's own", async () => {
    const { url, log } = await serveWithOAuth();
    const stateDir = await temporaryDir();
    const { call } = await mount({ docs: { url } }, { stateDir, openBrowser: agrees });

    expect(JSON.stringify(await call("docs__add", { a: 1, b: 2 }))).toContain('"3"');
    expect(log).toEqual(["register", "authorize S256", "token authorization_code"]);
    const file = await tokenFile(stateDir);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const kept: unknown = JSON.parse(await readFile(file, "utf8"));
    expect(kept).toMatchObject({ port: expect.any(Number), client: {}, tokens: {} });
    expect(kept).not.toHaveProperty("codeVerifier");
  });

  it("is not needed again, and refreshes what has run out without a person", async () => {
    const { url, log, expire } = await serveWithOAuth();
    const stateDir = await temporaryDir();
    await (await mount({ docs: { url } }, { stateDir, openBrowser: agrees })).tools();
    expire();
    const { call } = await mount({ docs: { url } }, { stateDir });

    expect(JSON.stringify(await call("docs__add", { a: 1, b: 2 }))).toContain('"3"');
    expect(log.slice(3)).toEqual(["token refresh_token"]);
    expire();
    expect(JSON.stringify(await call("docs__add", { a: 2, b: 2 }))).toContain('"4"');
    expect(log.slice(3)).toEqual(["token refresh_token", "token refresh_token"]);
  });

  it("is asked for in the middle of the work when the tokens are taken back and somebody is there", async () => {
    const { url, log, revoke } = await serveWithOAuth();
    const { call, tool } = await mount({ docs: { url } }, { openBrowser: agrees });
    await tool("docs__add");
    revoke();
    expect(JSON.stringify(await call("docs__add", { a: 1, b: 2 }))).toContain('"3"');
    expect(log.filter((line) => line === "register")).toHaveLength(1);
    expect(log.at(-1)).toBe("token authorization_code");
  });

  it("is told by the status where nobody is there, and given by authorize", async () => {
    const { url } = await serveWithOAuth();
    const { servers, tools, reports, call } = await mount({ docs: { url } });
    expect(await tools()).toEqual([]);
    expect(reports.join()).toContain('sign in by authorize("docs")');
    expect(servers.status()[0]).toMatchObject({ state: "unauthorized" });

    const write = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
      const page = /Sign in at (\S+)/.exec(String(chunk))?.[1];
      if (page !== undefined) void agrees(page);
      return true;
    });
    await servers.authorize("docs").finally(() => write.mockRestore());
    expect(servers.status()[0]).toMatchObject({ state: "ready" });
    expect(JSON.stringify(await call("docs__add", { a: 1, b: 2 }))).toContain('"3"');
  });

  it("takes nobody's return but that of the person it sent", async () => {
    const { url } = await serveWithOAuth();
    const answers: number[] = [];
    const openBrowser = async (page: string): Promise<void> => {
      const back = new URL(new URL(page).searchParams.get("redirect_uri") ?? "");
      back.search = "code=stolen&state=guessed";
      answers.push((await fetch(back)).status, (await fetch(new URL("/", back))).status);
      await agrees(page);
    };
    const { call } = await mount({ docs: { url } }, { openBrowser });
    expect(JSON.stringify(await call("docs__add", { a: 1, b: 2 }))).toContain('"3"');
    expect(answers).toEqual([400, 400]);
  });

  it("closes a file that others could read, and refuses a link", async () => {
    const { url } = await serveWithOAuth();
    const stateDir = await temporaryDir();
    await (await mount({ docs: { url } }, { stateDir, openBrowser: agrees })).tools();
    const file = await tokenFile(stateDir);
    await chmod(file, 0o644);
    await (await mount({ docs: { url } }, { stateDir })).tools();
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    await rename(file, `${file}.elsewhere`);
    await symlink(`${file}.elsewhere`, file);
    const linked = await mount({ docs: { url } }, { stateDir });
    expect(await linked.tools()).toEqual([]);
    expect(linked.reports.join()).toContain("it is a link");
  });

  it("is left to the header where the configuration has one", async () => {
    const { url, log } = await serveWithOAuth();
    const { tools, servers } = await mount(
      { docs: { url, headers: { authorization: "Bearer wrong" } } },
      { openBrowser: agrees },
    );
    expect(await tools()).toEqual([]);
    expect(servers.status()[0]).toMatchObject({ state: "unauthorized" });
    expect(log).toEqual([]);
  });

  it.each(["file:///etc/passwd", "ms-msdt:/id", "smb://evil.example/x"])(
    "never hands %s to a browser",
    async (page) => {
      const opened: string[] = [];
      const signIn = new SignIn({
        config: { url: "https://docs.example/mcp" },
        file: new OAuthFile(join(await temporaryDir(), "oauth.json")),
        openBrowser: (url) => void opened.push(url),
      });
      const provider = await signIn.provider();
      if (provider === undefined || !("redirectToAuthorization" in provider)) throw new Error("no provider");

      await expect(provider.redirectToAuthorization(new URL(page))).rejects.toThrow("no page of the web");
      expect(opened).toEqual([]);
      expect(signIn.isPending).toBe(false);
    },
  );
});
