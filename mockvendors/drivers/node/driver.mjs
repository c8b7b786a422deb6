// Reads commands, answers each exactly once, and ends.

import { fileURLToPath } from 'node:url';

import { describe, driverError, mistaken, Refused } from './errors.mjs';
import { objects } from './lines.mjs';
import { openLocal } from './local.mjs';
import { loadPackages, manifest, withDescription } from './packages.mjs';
import { known } from './session.mjs';
import { place, plugins, word } from './whose.mjs';
import { Workers } from './workers.mjs';

const PROTOCOL = 1;
const OWN = ['room']; // what every plugin that this driver runs can do, because the driver can
const INTERFACE = { capabilities: 'plugin, version', make: 'plugin, options, vendor, connection' };
const STOP_LIMIT = 2_000; // ms; closing every session; then the process ends all the same

export class Driver {
  #sessions = new Map();
  #loaded = null;
  #workers = null;

  /** `what` names the folder of packages, the plugin in it, and the file that describes it. */
  constructor(channel, what) {
    this.channel = channel;
    this.what = what;
  }

  /** Answer until `shutdown` or the end of stdin. */
  async serve(stdin) {
    for await (const request of objects(stdin)) {
      if (request?.cmd === 'shutdown') {
        this.channel.send({ id: request.id, ok: {} });
        break;
      }
      if (request === undefined) this.channel.send({ id: null, error: driverError('a line that is not a JSON object') });
      else void this.#reply(request);
    }
    await this.#stop();
  }

  async #stop() {
    this.#workers?.end();
    const late = new Promise((resolve) => setTimeout(resolve, STOP_LIMIT).unref());
    const closing = [...this.#sessions.values()].map((session) => session.answer({ id: -1, cmd: 'close', how: 'job' }));
    await Promise.race([Promise.allSettled(closing), late]);
  }

  async #reply(request) {
    let reply;
    try {
      reply = await this.#do(request);
    } catch (error) {
      if (!(error instanceof Refused)) process.stderr.write(`${error?.stack ?? error}\n`);
      reply = { error: error instanceof Refused ? error.error : driverError(String(error?.message ?? error), error) };
    }
    this.channel.send({ id: request.id ?? null, ...reply });
  }

  async #do(request) {
    const { cmd } = request;
    if (cmd === 'hello') return { ok: await this.#hello(request) };
    if (cmd === 'ping') return { ok: {} };
    if (this.#loaded === null) throw new Refused(driverError('hello comes first'));
    if (cmd === 'open') return { ok: await this.#open(request) };
    if (!known(cmd)) return { unsupported: `no command '${cmd}'` };
    const session = this.#sessions.get(request.session);
    if (session === undefined) throw new Refused(driverError(`no open session '${request.session}'`));
    return await session.answer(request);
  }

  async #hello({ protocol }) {
    if (this.#loaded !== null) throw new Refused(driverError('hello was said already'));
    if (!(protocol ?? []).includes(PROTOCOL)) throw new Refused(driverError(`this driver speaks protocol ${PROTOCOL} only`));
    const { packages, plugin } = this.what;
    const loaded = await this.#load();
    const { name, version } = manifest(packages, plugin);
    this.channel.event('', 'importing', { what: this.what.description, step: 'capabilities' });
    const capabilities = offered(loaded, version, plugin);
    loaded.agents.initializeLogger({ pretty: false, level: 'debug' });
    this.#workers = new Workers(loaded, this.what);
    this.#loaded = loaded;
    return {
      protocol: PROTOCOL,
      driver: { name: 'node', language: `Node.js ${process.versions.node}` },
      implementation: {
        name: name.replace(/^@/, '').replaceAll('/', '-'),
        version,
        framework: '@livekit/agents',
        framework_version: manifest(packages, '@livekit/agents').version,
        livekit: manifest(packages, '@livekit/rtc-node').version,
      },
      capabilities: [...capabilities, ...OWN],
    };
  }

  async #load() {
    const { plugin, description } = this.what;
    const step = async (what, name, work, refusal) => {
      this.channel.event('', 'importing', { what, step: name });
      try {
        return await work();
      } catch (error) {
        process.stderr.write(`${error?.stack ?? error}\n`);
        throw new Refused(refusal(error?.message ?? error, error));
      }
    };
    const loaded = await step(plugin, 'import', () => loadPackages(this.what), (why, error) =>
      configuration(`the plugin ${plugin} cannot be imported: ${why}`, error));
    const described = await step(description, 'description', () => withDescription(loaded, this.what), (why, error) =>
      mistaken(description, `the description ${description} cannot be loaded: ${why}`, error));
    for (const [name, fields] of Object.entries(INTERFACE)) {
      const why = unfit(described.description[name], name, `${name}(${fields})`);
      if (why) throw new Refused(mistaken(description, `the description ${description} ${why}`));
    }
    return described;
  }

  async #open(request) {
    const { session: id, livekit, connect = true, job = true } = request;
    Object.assign(process.env, { LIVEKIT_URL: livekit.url, LIVEKIT_API_KEY: livekit.api_key, LIVEKIT_API_SECRET: livekit.api_secret });
    const tell = (name, fields) => this.channel.event(id, name, fields);
    let opened; // by the time its job is gone the next session of the case may have its name
    const over = () => this.#sessions.get(id) === opened && this.#sessions.delete(id);
    const fields = { ...request, id: undefined };
    try {
      const opening = connect && job ? this.#workers.open(fields, tell, over) : openLocal(this.#loaded, fields, tell, over);
      const { identity, session } = await opening;
      opened = session;
      this.#sessions.set(id, session);
      return { identity };
    } catch (error) {
      if (error instanceof Refused) throw error;
      process.stderr.write(`${error?.stack ?? error}\n`);
      throw new Refused({ ...describe(error), kind: 'room' });
    }
  }
}

/** Say why a function of a description cannot be called as it will be; empty where it can. */
function unfit(found, name, called) {
  if (found === undefined) return `lacks ${called}`;
  const plain = typeof found === 'function' && found.constructor.name === 'Function';
  return plain ? '' : `has a ${name} that is no plain function: ${called} is called, and not awaited`;
}

function offered(loaded, version, name) {
  const { plugin, description, file } = loaded;
  const path = fileURLToPath(file);
  let found;
  try {
    found = description.capabilities(plugin, version);
    if (typeof found !== 'string' && found?.[Symbol.iterator]) found = [...found];
  } catch (error) {
    if (!plugins(error, loaded) && !word(error)) {
      throw new Refused(mistaken(path, `the description ${place(error, file)} failed: ${error.name}: ${error.message}`, error));
    }
    throw new Refused(configuration(`${name} is not a plugin that ${path} describes: ${error?.message ?? error}`, error));
  }
  if (!Array.isArray(found) || found.some((each) => typeof each !== 'string')) {
    throw new Refused(mistaken(path, `the description ${path} returns no list of names from capabilities`));
  }
  return found.sort();
}

function configuration(message, error) {
  return { kind: 'configuration', class: error?.constructor?.name ?? 'Error', message };
}
