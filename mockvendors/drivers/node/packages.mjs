// The packages of the folder that holds the plugin: the driver lies elsewhere, and has none of its own.

import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { owned } from './whose.mjs';

/** Import a package of that folder as the plugin itself would: the same files, and so the same classes. */
export async function load(folder, name) {
  const root = join(folder, 'node_modules', name);
  return await import(pathToFileURL(join(root, entry(manifest(folder, name)))));
}

/** What a package says of itself. */
export function manifest(folder, name) {
  return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
}

/** Everything that a driver or a job needs: the framework, the room's library, the server's library, plugin and description. */
export async function loadAll(what) {
  return await withDescription(await loadPackages(what), what);
}

/** The same without the description. */
export async function loadPackages({ packages, plugin }) {
  const [agents, rtc, server, offered] = await Promise.all([
    load(packages, '@livekit/agents'),
    load(packages, '@livekit/rtc-node'),
    load(packages, 'livekit-server-sdk'),
    load(packages, plugin),
  ]);
  return { agents, rtc, server, plugin: offered };
}

/** What was loaded, with the description, its file as a stack names it, and the folders that are the plugin's. */
export async function withDescription(loaded, { packages, plugin, description }) {
  const url = pathToFileURL(realpathSync(description));
  return { ...loaded, description: await import(url), file: url.href, roots: owned(packages, plugin) };
}

function entry(told) {
  const root = told.exports?.['.'] ?? told.exports;
  let found = root?.import ?? root?.default ?? told.module ?? told.main ?? 'index.js';
  while (typeof found === 'object') found = found.node ?? found.default;
  return found;
}
