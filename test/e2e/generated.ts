// A program that a command has written, as the compiler sees it.

import path from "node:path";
import ts from "typescript";

/** What the compiler says of the program in a folder, by its own tsconfig. */
export function compileProgram(directory: string): string[] {
  const file = path.join(directory, "tsconfig.json");
  const { fileNames, options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, (name) => ts.sys.readFile(name)).config,
    ts.sys,
    directory,
  );
  const messages = ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options));
  return messages.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
