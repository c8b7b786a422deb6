// Whose an error is that comes out of a suite's description: read from its stack, whose deepest frames stand first.

import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FRAMEWORK = '@livekit/agents';

/** Tell whether it went through the plugin, or another package beside it, behind the last line of the description. */
export function plugins(error, { file, roots }) {
  const frames = stack(error);
  if (frames.length === 0) return true; // no Error, or one that tells nothing
  const last = frames.findIndex((frame) => within(frame, [fileURLToPath(file)]));
  return frames.slice(0, last === -1 ? frames.length : last).some((frame) => within(frame, roots));
}

/** Tell whether it was made by an expression of the suite's own, `new TypeError(...)` say, and not by what a line did. */
export function word(error) {
  const [, file, line, column] = /(file:\/\/\/.+?|\/[^()]*?):(\d+):(\d+)\)?$/.exec(stack(error)[0] ?? '') ?? [];
  if (file === undefined) return false;
  try {
    const text = readFileSync(file.startsWith('file:') ? fileURLToPath(file) : file, 'utf8').split('\n')[line - 1].slice(column - 1);
    return text.replace(/^new\s+/, '').startsWith(`${error.constructor.name}(`);
  } catch {
    return false;
  }
}

/** The description with the last of its lines that an error went through, or without where its stack tells none. */
export function place(error, file) {
  const path = fileURLToPath(file);
  const line = /:(\d+):\d+\)?$/.exec(stack(error).find((frame) => within(frame, [path])) ?? '')?.[1];
  return line === undefined ? path : `${path}:${line}`;
}

/** The folders of what is the plugin's and the framework's, also where the folder of packages holds links to them. */
export function owned(packages, plugin) {
  const modules = join(packages, 'node_modules');
  return [modules, ...[plugin, FRAMEWORK].map((name) => realpathSync(join(modules, name)))].map((folder) => join(folder, '/'));
}

function stack(error) {
  return String(error?.stack).split('\n').filter((line) => /^\s+at /.test(line));
}

function within(frame, paths) {
  return paths.some((path) => frame.includes(path) || frame.includes(pathToFileURL(path).href));
}
