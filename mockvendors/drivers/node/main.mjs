// The driver of avatar plugins for LiveKit Agents in Node: runs an unmodified plugin of a folder of packages.
//
//     node main.mjs --packages FOLDER --plugin @livekit/agents-plugin-anam --description suites/anam/plugin.mjs [--channel FD]
//
// Protocol 1: requests on stdin, replies and events on the descriptor FD (1), free text on stderr; see docs/driver-protocol.md.
// Standard library, and what the folder holds; Node 20 or newer.
//
//     driver process                                   a process for each job with a room, forked by the framework
//     stdin  ──▶ driver.mjs ──▶ workers.mjs ── socket ──▶ entry.mjs ──▶ session.mjs, pair.mjs
//     channel ◀──   │  local.mjs ──▶ session.mjs, pair.mjs: a job without a room
//
// The description is a module with `capabilities(plugin, version)` and `make(plugin, options, vendor, connection)`.

import { parseArgs } from 'node:util';

import { Channel } from './channel.mjs';
import { Driver } from './driver.mjs';
import { takeStdout } from './logs.mjs';

const text = { type: 'string' };
const { values } = parseArgs({ options: { packages: text, plugin: text, description: text, channel: { ...text, default: '1' } } });
const { channel: descriptor, ...what } = values;
const channel = new Channel(Number(descriptor));
takeStdout((session, fields) => channel.event(session, 'log', fields));
// The framework does so in a job's process: a promise that nobody waits for ends no agent.
process.on('unhandledRejection', (error) => process.stderr.write(`unhandled rejection: ${error?.stack ?? error}\n`));
await new Driver(channel, what).serve(process.stdin);
process.exit(0); // timers and the native library hold the process open; everything of ours is closed by now
