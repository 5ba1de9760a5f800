// Pure: everyday names of the apps of connections.

const names = { "digital-ocean": "DigitalOcean", netlify: "Netlify" } as const;

export function nameApp(app: keyof typeof names): string {
  return names[app];
}
