// A promise with its two ends: what Promise.withResolvers is in Node 22.

export function resolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
