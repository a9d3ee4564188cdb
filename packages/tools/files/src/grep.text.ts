/** What the model reads about `grep`. */
export const grepText = {
  description:
    "Searches file contents with ripgrep. Answers with matching lines under their file's path, as line:text (context lines as line-text), or with files or counts only. What .gitignore names and binary files are left out. syntax code finds code by its shape in JavaScript, TypeScript, JSX, HTML and CSS: console.log($A), $$$ for any number of nodes. To find files by name use glob.",
  pattern: "Rust regular expression; no look-around or backreferences.",
  path: "File or directory; the working directory unless given.",
  syntax: "How pattern is read; regex unless given.",
  mode: "What comes back; content unless given.",
  glob: "Only files like *.ts or src/**/*.{ts,tsx}; !*.md for all but these.",
  ignoreCase: "Upper and lower case are the same.",
  multiline: "A match may span lines, and . matches line ends.",
  context: "Lines to show around each match.",
  limit: "Matches or files, at most; 100 unless given.",
  ignored: "Also what .gitignore names.",
} as const;
