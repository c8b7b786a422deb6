// A session in the driver's own process: a job whose room is never joined, or no job at all.
//
// The framework forks a process for each job that LiveKit gives it, and has no way to begin one without LiveKit. What a plugin
// asks for is there all the same: the framework's own JobContext, bound to all that runs, with a real agent token. It costs
// nothing beside a process for each of a hundred cases, and no room means that nothing of the process-wide state of the media
// path is ever used.

import { SESSION } from './logs.mjs';
import { Session } from './session.mjs';

/** Open it; `tell(name, fields)` tells its events. Returns the session and the agent's identity. */
export async function openLocal(loaded, fields, tell, over) {
  const { agents, rtc } = loaded;
  const room = new rtc.Room();
  const make = (end) => new Session({ loaded, fields, room, tell, end: (how) => end(how).finally(over) });
  if (fields.job === false) return { identity: null, session: SESSION.run(fields.session, () => make(async () => {})) };
  const info = await running(loaded.server, fields);
  const context = SESSION.run(fields.session, () => {
    return new agents.JobContext(new agents.JobProcess(), info, room, () => {}, () => {}, undefined);
  });
  const end = () => Promise.allSettled(context.shutdownCallbacks.map((callback) => callback()));
  const session = SESSION.run(fields.session, () => agents.runWithJobContext(context, () => make(end)));
  tell('job_entered', {});
  return { identity: info.acceptArguments.identity, session };
}

/** What the framework tells a job of itself, with a token that opens the room to the agent. */
async function running({ AccessToken }, { livekit, room, session, identity }) {
  const name = identity ?? `agent-${session}`;
  const token = new AccessToken(livekit.api_key, livekit.api_secret, { identity: name });
  token.kind = 'agent';
  token.addGrant({ roomJoin: true, room, agent: true });
  return {
    acceptArguments: { name: '', identity: name, metadata: '' },
    job: { id: `AJ_${session}`, room: { sid: `RM_${room}`, name: room }, agentName: '', enableRecording: false },
    url: livekit.url,
    token: await token.toJwt(),
    workerId: 'unregistered',
    apiKey: livekit.api_key,
    apiSecret: livekit.api_secret,
  };
}
