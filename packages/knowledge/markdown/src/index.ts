export type { FileProblem } from "./file-cache.ts";
export { type FrontMatter, FrontMatterError, parseFrontMatter } from "./front-matter.ts";
export {
  type MarkdownKnowledge,
  type MarkdownKnowledgeOptions,
  markdownKnowledge,
} from "./markdown-knowledge.ts";
export { type MarkdownSkillsOptions, markdownSkills } from "./markdown-skills.ts";
