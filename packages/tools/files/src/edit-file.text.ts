/** What the model reads about `edit_file`. */
export const editFileText = {
  description:
    "Replaces text in a file that you have read. old_string has to stand in the file exactly once, spaces and all, without read_file's line numbers; add lines around it until it does, or set replace_all. Answers with the changed lines. For a new file, or one that changes as a whole, use write_file.",
  path: "From the working directory, or absolute.",
  oldString: "The text to replace.",
  newString: "What stands there afterwards; empty to delete.",
  replaceAll: "Replace every occurrence.",
} as const;
