export {
  type MarkdownKnowledge,
  type MarkdownKnowledgeOptions,
  markdownKnowledge,
} from "./markdown-knowledge.ts";
export type { PageProblem } from "./page-folder.ts";
