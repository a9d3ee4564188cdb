import { userInfo } from "node:os";

/** Who sits here, for what is kept about who did what. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user that has no name.
    return process.env.USER ?? "terminal";
  }
}
