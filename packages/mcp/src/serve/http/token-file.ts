import { randomBytes } from "node:crypto";
import { link, open, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { AgentwerkError, makeFolder } from "@agentwerk/core";

/**
 * The token in a file that only this user can read; makes file and token when there is none.
 * @throws AgentwerkError `invalid_input` when others can read the file, or it holds no token; `store_unavailable` when its
 * folder cannot be made.
 */
export async function readTokenFile(file: string): Promise<string> {
  const path = resolve(file);
  await makeFolder(dirname(path), { mode: 0o700 });
  const made = await make(path);
  if (made !== undefined) return made;
  const handle = await open(path, "r");
  try {
    const { mode, uid } = await handle.stat();
    const own = process.getuid?.();
    if (own !== undefined && (uid !== own || (mode & 0o077) !== 0))
      throw refusal(path, "can be read by others; chmod 600 it, or delete it and let a new one be made");
    const token = (await handle.readFile("utf8")).trim();
    if (token.length < 16)
      throw refusal(path, "holds no token of 16 characters or more; delete it and let one be made");
    return token;
  } finally {
    await handle.close();
  }
}

/**
 * `undefined` when the file is there already, maybe since a moment ago and by another process. It comes into being with
 * its token in it, so that nobody reads it half written.
 */
async function make(path: string): Promise<string | undefined> {
  const token = randomBytes(32).toString("base64url");
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(`${token}\n`);
    await link(draft, path);
    return token;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
}

function refusal(path: string, problem: string): AgentwerkError {
  return new AgentwerkError({ code: "invalid_input", field: "tokenFile", message: `${path} ${problem}.` });
}
