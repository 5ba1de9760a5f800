// FROZEN: the text that every stack keeps in state as `__provider`. Old stacks load it for ever; it must never change.

/**
 * Loads the provider from the program's own copy of the package. No closure is serialised.
 * pnpm hides packages that are only dependencies of dependencies; the loop finds them in its virtual store.
 * A missing package becomes an instruction instead of a require stack.
 */
export const providerText = `exports.handler = () => {
  const name = "pulumi-secret-sync/provider";
  const path = require("path");
  const candidates = [() => require.resolve(name)];
  for (let dir = process.cwd(); ; dir = path.dirname(dir)) {
    const store = path.join(dir, "node_modules", ".pnpm");
    candidates.push(() => require.resolve(name, { paths: [store] }));
    if (dir === path.dirname(dir)) break;
  }
  for (const resolve of candidates) {
    let file;
    try { file = resolve(); } catch (error) { continue; }
    return require(file);
  }
  const error = new Error("package.missing: the package pulumi-secret-sync cannot be found from " + process.cwd() + "; install the program's dependencies there (npm install), or add the package with npm install pulumi-secret-sync");
  error.stack = error.message;
  throw error;
};
`;
