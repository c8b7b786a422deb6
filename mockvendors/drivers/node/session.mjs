// One agent in one job: what the driver is asked, done inside of the job.

import { AsyncResource } from 'node:async_hooks';
import { fileURLToPath } from 'node:url';

import { cancelled, describe, driverError, mistaken, PluginRaised, Refused, Unsupported } from './errors.mjs';
import { listeners } from './held.mjs';
import { Pair } from './pair.mjs';
import { place, plugins } from './whose.mjs';

const ENDS = ['graceful', 'avatar', 'job', 'abrupt'];

/** Tell whether that way to close ends the job. */
export const endsJob = (how = 'graceful') => how !== 'avatar' && ENDS.includes(how);

const WORK = {
  start: (session, request) => session.start(request.options ?? {}, request.connection ?? null, request.env ?? {}),
  ready: (session, request) => session.pair.ready(request.timeout_ms),
  speak: (session, request) => session.pair.speak(request.utterance, request.file),
  interrupt: (session) => session.pair.interrupt(),
  inspect: (session) => session.inspect(),
  close: (session, request) => session.close(request.how ?? 'graceful'),
};

/** Tell whether a session knows that command. */
export const known = (cmd) => Object.hasOwn(WORK, cmd);

/** Made in the job's own context (`getJobContext()` is bound to it), in which all that it is asked is done. */
export class Session {
  #here = new AsyncResource('session');
  #pairs = [];
  #cut = null;

  /** `end(how)` ends the job; `tell(name, fields)` tells an event. */
  constructor({ loaded, fields, room, tell, end }) {
    Object.assign(this, { loaded, fields, room, tell, end });
  }

  /** Do one command, and return its reply without the id. */
  async answer(request) {
    try {
      return { ok: await this.#here.runInAsyncScope(() => WORK[request.cmd](this, request)) };
    } catch (error) {
      return reply(error, this.loaded.plugin);
    }
  }

  /** The last that started; a start that fails beside it changes nothing. Where none started, the last that tried. */
  get pair() {
    const found = this.#pairs.findLast((pair) => pair.started) ?? this.#pairs.at(-1);
    if (found === undefined) throw new Refused(driverError('start comes first'));
    return found;
  }

  /** Make the avatar session; returns when the plugin's own start returns, or a close cuts it off. */
  async start(options, connection, variables) {
    const restore = changed(variables);
    const cut = new Promise((_, reject) => (this.#cut = reject));
    try {
      const avatar = make(this.loaded, options, this.fields.vendor, connection);
      this.#pairs.push(new Pair(this.loaded, avatar, this.room, this.tell));
      const starting = this.#pairs.at(-1).start();
      starting.catch(() => {}); // nobody waits for one that was cut off
      return await Promise.race([starting, cut]);
    } finally {
      this.#cut = null;
      restore();
    }
  }

  inspect() {
    const seen = this.#pairs.length > 0 ? this.pair.inspect() : { agent_listeners: {} };
    return { ...seen, room_listeners: listeners(this.room), tasks: [] };
  }

  async close(how) {
    if (!ENDS.includes(how)) throw new Unsupported(`no close '${how}'`);
    this.#cut?.(new Refused(cancelled('the session was closed')));
    const begin = performance.now();
    const asked = ['graceful', 'avatar'].includes(how) && this.#pairs.length > 0;
    const told = asked ? [await thrown(() => this.pair.close())] : [];
    const closed = Math.round(performance.now() - begin);
    if (endsJob(how)) told.push(...(await this.#endJob(how)));
    for (const error of told) if (error) throw error;
    return { closed_ms: closed };
  }

  /** End agents and job, whatever the plugin throws, and return that. */
  async #endJob(how) {
    if (how === 'abrupt' && this.room.isConnected) await this.room.disconnect();
    const told = [];
    for (const pair of how === 'abrupt' ? [] : this.#pairs) told.push(await thrown(() => pair.endAgent()));
    setImmediate(() => this.#here.runInAsyncScope(() => this.end(how))); // after the answer: the process may end with the job
    return told;
  }
}

function reply(error, plugin) {
  if (error instanceof Refused) return { error: error.error };
  if (error instanceof Unsupported) return { unsupported: error.message };
  if (error instanceof PluginRaised) return { error: describe(error.cause, plugin) };
  process.stderr.write(`${error?.stack ?? error}\n`);
  return { error: driverError(String(error?.message ?? error), error) };
}

/** End something of the plugin's, and return what came out of its hands. */
async function thrown(end) {
  try {
    await end();
    return null;
  } catch (error) {
    if (!(error instanceof PluginRaised)) throw error;
    return error;
  }
}

/** The avatar session that the description makes; what the plugin throws there is its own word, a mistake of the description the suite's. */
function make(loaded, options, vendor, connection) {
  const { plugin, description, file } = loaded;
  try {
    return description.make(plugin, options, vendor, connection);
  } catch (error) {
    if (plugins(error, loaded)) throw new PluginRaised(error);
    if (error.name === 'NotImplementedError') throw new Unsupported(error.message);
    const told = `the description ${place(error, file)} failed: ${error.name}: ${error.message}`;
    throw new Refused(mistaken(fileURLToPath(file), told, error));
  }
}

/** Set (or, with null, unset) variables, and return what puts them back. */
function changed(variables) {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name] ?? null]));
  const apply = (values) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === null) delete process.env[name];
      else process.env[name] = value;
    }
  };
  apply(variables);
  return () => apply(before);
}
