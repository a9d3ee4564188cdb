import type { Project } from "../../config/project.ts";
import { dirOf } from "../../config/sqlite-store.ts";
import { withoutSecrets } from "./postgres-url.ts";

/** The store of a project in a few words, without what is secret in them. */
export function describeEngine(project: Project): string {
  const { store } = project.config;
  if (store === undefined) return `SQLite in ${dirOf(project)}`;
  if (typeof store !== "string") return "A store of your own";
  return withoutSecrets(project.expand(store, "store"));
}
