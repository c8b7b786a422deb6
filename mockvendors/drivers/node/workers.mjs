// The framework's own servers, each registered with one LiveKit, which turn a session with a room into a true job: LiveKit
// dispatches it, the framework forks a process for it, and `entry.mjs` runs there.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Refused, room } from './errors.mjs';
import { Job, JOB } from './job.mjs';
import { objects } from './lines.mjs';
import { resolvers } from './resolvers.mjs';

const AGENT_NAME = `mockvendors-driver-${randomBytes(4).toString('hex')}`; // two runs on one LiveKit must not take each other's jobs
const REGISTRATION_LIMIT = 10_000; // ms; a worker registers in 0.1 s on loopback; a LiveKit that is down is told of, not waited for
const DISPATCH_PATIENCE = 2_000; // ms from dispatch to the request for a worker: 0.1 s on an idle machine
const DISPATCH_TRIES = 5;
const IDLE_PROCESSES = 2; // a fork takes 1.5 s, so one is ready while another serves

export class Workers {
  #servers = new Map();
  #pending = new Map();
  #folder = mkdtempSync(join(tmpdir(), 'mockvendors-node-'));
  #socket = createServer((job) => void this.#greet(job));
  #ending = false;

  constructor(loaded, what) {
    this.loaded = loaded;
    this.what = what;
    process.on('exit', () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  /** Run the session as a job. Returns its process, as one that answers requests, and the agent's identity. */
  async open(fields, tell, over) {
    await this.#server(fields.livekit);
    const waiting = { fields, tell, over, ...resolvers() };
    waiting.promise.catch(() => {}); // while it is asked for
    waiting.wanted = resolvers();
    this.#pending.set(fields.room, waiting);
    try {
      await this.#dispatch(fields, waiting.wanted.promise);
      return await waiting.promise;
    } finally {
      this.#pending.delete(fields.room);
    }
  }

  /** Count no job's end as a crash any more: the processes end with ours, as they see our end of the socket close. */
  end() {
    this.#ending = true;
  }

  #server({ url, api_key: apiKey, api_secret: apiSecret }) {
    if (!this.#servers.has(url)) this.#servers.set(url, this.#register(url, apiKey, apiSecret));
    return this.#servers.get(url);
  }

  async #register(wsURL, apiKey, apiSecret) {
    const { AgentServer, ServerOptions } = this.loaded.agents;
    await this.#listen();
    const options = new ServerOptions({
      agent: fileURLToPath(new URL('entry.mjs', import.meta.url)),
      agentName: AGENT_NAME,
      requestFunc: (request) => this.#requested(request),
      wsURL,
      apiKey,
      apiSecret,
      host: '127.0.0.1',
      numIdleProcesses: IDLE_PROCESSES,
      loadThreshold: Infinity,
      loadFunc: async () => 0, // LiveKit gives no job to a worker that reports a full load, and a test machine is often full
      logLevel: 'debug',
    });
    const server = new AgentServer(options);
    const registered = once(server.event, 'worker_registered');
    const ended = server.run().then(() => Promise.reject(new Error('it ended')));
    ended.catch(() => {}); // told below, or ours by then
    const late = new Promise((_, reject) => setTimeout(reject, REGISTRATION_LIMIT, new Error('no answer')).unref());
    try {
      await Promise.race([registered, ended, late]);
    } catch (error) {
      this.#servers.delete(wsURL);
      throw new Refused(room(`the worker could not register with LiveKit: ${error.message}`));
    }
    return server;
  }

  async #listen() {
    if (this.#socket.listening) return;
    const path = join(this.#folder, 'jobs');
    await once(this.#socket.listen(path), 'listening');
    process.env[JOB] = JSON.stringify({ socket: path, ...this.what });
  }

  /** Take the one job that a session waits for, and not that of a dispatch which was asked for twice. */
  async #requested(request) {
    const waiting = this.#pending.get(request.job.room?.name);
    if (waiting === undefined || waiting.taken) return await request.reject();
    waiting.taken = true;
    waiting.wanted.resolve();
    await request.accept();
  }

  /** Ask LiveKit for the job again while nothing comes of it: it drops, without a word, what comes before a registration is through. */
  async #dispatch({ livekit, room: name }, wanted) {
    const { AgentDispatchClient } = this.loaded.server;
    const client = new AgentDispatchClient(livekit.url.replace(/^ws/, 'http'), livekit.api_key, livekit.api_secret);
    for (let tries = 0; tries < DISPATCH_TRIES; tries++) {
      await client.createDispatch(name, AGENT_NAME);
      if (await settled(wanted, DISPATCH_PATIENCE)) return;
      process.stderr.write(`LiveKit offered no job in ${name} within ${DISPATCH_PATIENCE} ms: asking again\n`);
    }
    throw new Refused(room(`LiveKit offered no job in ${name}`));
  }

  /** A job's process calls: it says which room it was given, and gets the session that waits for that. */
  async #greet(socket) {
    socket.on('error', () => {});
    const messages = objects(socket);
    const job = new Job(socket, () => this.#ending);
    socket.on('close', () => job.gone());
    for await (const message of messages) {
      if (message?.job === undefined) {
        job.take(message);
        continue;
      }
      const waiting = this.#pending.get(message.job); // none: it was given up meanwhile
      this.#pending.delete(message.job);
      job.begin(waiting);
    }
  }
}

async function settled(promise, limit) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, limit, false)));
  const done = await Promise.race([promise.then(() => true, () => true), late]);
  clearTimeout(timer);
  return done;
}
