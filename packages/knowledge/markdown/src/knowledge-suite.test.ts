import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { knowledgeSuite } from "@agentwerk/core/testing";
import { type MarkdownKnowledge, markdownKnowledge } from "./markdown-knowledge.ts";

const dirOf = (knowledge: object): string => (knowledge as MarkdownKnowledge).dir;

knowledgeSuite({
  name: "markdown",
  open: async () =>
    markdownKnowledge({ dir: join(await mkdtemp(join(tmpdir(), "agentwerk-knowledge-")), "knowledge") }),
  reopen: async (knowledge) => markdownKnowledge({ dir: dirOf(knowledge) }),
  close: (knowledge) => rm(dirname(dirOf(knowledge)), { recursive: true, force: true }),
});
