// FROZEN: the text that every stack keeps in state as `__provider`. Old stacks load it for ever; it must never change.

/**
 * Loads the provider from the program's own copy of the package. No closure is serialised.
 * pnpm hides packages that are only dependencies of dependencies; its store is found from where the SDK really lies.
 * A missing package becomes an instruction instead of a require stack.
 */
export const providerText = `exports.handler = () => {
  const name = "pulumi-secret-sync/provider";
  let file;
  try { file = require.resolve(name); } catch (e) {
    try { file = require.resolve(name, { paths: [require.resolve("@pulumi/pulumi")] }); } catch (e) {
      const error = new Error("package.missing: " + name + " cannot be found from " + process.cwd() + "; run npm install there, or npm install pulumi-secret-sync");
      error.stack = error.message;
      throw error;
    }
  }
  return require(file);
};
`;
