// What an agent's process holds. JavaScript tells nobody what runs: listeners are all that can be seen.

/** How many callbacks an emitter holds for each event. */
export function listeners(emitter) {
  return Object.fromEntries(emitter.eventNames().map((event) => [String(event), emitter.listenerCount(event)]));
}

/** What there is more of than before. */
export function beyond(now, before) {
  const more = Object.entries(now).map(([name, count]) => [name, count - (before[name] ?? 0)]);
  return Object.fromEntries(more.filter(([, count]) => count > 0));
}
