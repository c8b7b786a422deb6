// The entry point of a true job: the framework forks a process for it and runs this file there. Commands come from the driver,
// over a socket of its own; stdout and the channel to the framework are left to the framework.

import { connect } from 'node:net';

import { driverError } from './errors.mjs';
import { JOB } from './job.mjs';
import { objects } from './lines.mjs';
import { SESSION, takeStdout } from './logs.mjs';
import { loadAll } from './packages.mjs';
import { Session } from './session.mjs';

const told = JSON.parse(process.env[JOB]);
const socket = connect(told.socket);
const send = (message) => socket.write(`${JSON.stringify(message)}\n`);
socket.on('error', () => {}); // its close follows
socket.on('close', () => process.exit(0)); // the driver is gone
let serving; // the id of the session
takeStdout((_, fields) => send({ event: 'log', ...fields }), () => serving);
const loading = loadAll(told); // while the process waits for a job

const agent = { prewarm: async () => void (await loading), entry };
const { agents } = await loading;
export default agents.defineAgent(agent);

async function entry(context) {
  const loaded = await loading;
  const commands = objects(socket);
  send({ job: context.job.room.name });
  const { value: fields } = await commands.next();
  if (fields === undefined || fields.nobody) return context.shutdown('nobody waits for this job');
  serving = fields.session;
  await SESSION.run(serving, () => run(loaded, context, fields, commands));
}

async function run(loaded, context, fields, commands) {
  const { livekit } = fields;
  Object.assign(process.env, { LIVEKIT_URL: livekit.url, LIVEKIT_API_KEY: livekit.api_key, LIVEKIT_API_SECRET: livekit.api_secret });
  const tell = (event, more) => send({ event, ...more });
  const session = new Session({ loaded, fields, room: context.room, tell, end: (how) => context.shutdown(how) });
  context.addShutdownCallback(async () => send({ ended: true }));
  tell('job_entered', {});
  try {
    await context.connect();
  } catch (error) {
    send({ opened: false, error: { ...driverError(String(error?.message ?? error), error), kind: 'room' } });
    return context.shutdown('the room cannot be joined');
  }
  send({ opened: true, identity: context.room.localParticipant.identity });
  void serve(session, commands);
}

async function serve(session, commands) {
  for await (const request of commands) {
    if (request !== undefined) void session.answer(request).then((reply) => send({ ...reply, id: request.id }));
  }
}
