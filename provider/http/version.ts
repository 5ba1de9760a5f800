// Leaf of the network side: how this package introduces itself. A test compares the constant with package.json.

export const version = "0.1.0";

export const defaultUserAgent = `pulumi-secret-sync/${version}`;
