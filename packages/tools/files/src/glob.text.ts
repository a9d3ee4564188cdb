/** What the model reads about `glob`. */
export const globText = {
  description:
    "Finds files by name: one path a line, sorted. What .gitignore names is left out. To find text within files use grep, to see one directory use list_directory.",
  pattern:
    "Such as src/**/*.ts or **/{test,tests}/*.json; *.ts matches in path itself only, **/*.ts in every folder.",
  path: "Directory to start from; the working directory unless given.",
  limit: "Paths, at most; 200 unless given.",
  ignored: "Also what .gitignore names.",
} as const;
