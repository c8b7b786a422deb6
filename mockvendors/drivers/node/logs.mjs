// What plugin and framework log or print. The framework's logger writes JSON lines to stdout: those of a session are told as
// events, as its user reads them; on stderr stands what is worse than information, and whatever else is printed.

import { AsyncLocalStorage } from 'node:async_hooks';

const TEXT_LIMIT = 16_384; // characters of one record; a line of the protocol may have 1 MiB
const LEVELS = { 10: 'TRACE', 20: 'DEBUG', 30: 'INFO', 40: 'WARNING', 50: 'ERROR', 60: 'CRITICAL' };
const WARNING = 40;

/** The session in whose job the running code is. */
export const SESSION = new AsyncLocalStorage();

/**
 * Let nothing that is printed reach stdout; `tell(session, fields)` gets each record of a session. `sole()` is the session of a
 * process that has one only: there a record is its own also where a native library calls, whom no session is known to.
 */
export function takeStdout(tell, sole = () => undefined) {
  process.stdout.write = (chunk, encoding, done) => {
    const then = typeof encoding === 'function' ? encoding : done;
    const told = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const lines = told.split('\n').filter((line) => line !== '');
    const session = SESSION.getStore() ?? sole();
    for (const line of lines) take(line, session, tell);
    if (then) queueMicrotask(then);
    return true;
  };
}

function take(line, session, tell) {
  const record = parsed(line);
  if (record === null || record.level >= WARNING) process.stderr.write(`${line.slice(0, TEXT_LIMIT)}\n`);
  if (record === null || session === undefined) return;
  const logger = record.module ?? record.name ?? 'livekit.agents';
  tell(session, { level: LEVELS[record.level] ?? String(record.level), logger, text: line.slice(0, TEXT_LIMIT) });
}

function parsed(line) {
  try {
    const record = JSON.parse(line);
    return typeof record?.level === 'number' ? record : null;
  } catch {
    return null;
  }
}
