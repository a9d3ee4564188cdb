/** How something is done, written by people: the agent sees name and description, and reads the rest when it needs it. */
export interface SkillEntry {
  /** Lower-case letters, digits and `-`, at most 64. */
  readonly name: string;
  /** What it does and when to use it, in one line. */
  readonly description: string;
}

export interface Skill extends SkillEntry {
  /** Markdown. */
  readonly body: string;
  /** What comes with it, as paths within the skill, sorted. */
  readonly files: readonly string[];
}

/** The skills that an agent is given. */
export interface Skills {
  /** By name. */
  list(): Promise<readonly SkillEntry[]>;
  read(name: string): Promise<Skill | undefined>;
  /**
   * The text of one of a skill's files.
   * @throws AgentwerkError `invalid_input` for a path that is not among its `files`, or is no text.
   */
  readFile(name: string, path: string): Promise<string>;
}
