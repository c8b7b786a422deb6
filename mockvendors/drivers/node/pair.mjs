// An agent session and the avatar session that speaks for it, and what their user would do with both.

import { pluginsWord } from './errors.mjs';
import { beyond, listeners } from './held.mjs';
import { resolvers } from './resolvers.mjs';
import { frames } from './sounds.mjs';

const METRICS = {
  avatarJoinedAt: 'avatar_joined_time',
  sessionStartedAt: 'session_started_time',
  playbackLatencyMs: 'playback_latency',
};

/** Made for one start; `started` tells whether the plugin's start returned. */
export class Pair {
  started = false;
  #speaks = false;

  constructor({ agents, rtc }, avatar, room, event) {
    this.agents = agents;
    this.rtc = rtc;
    this.avatar = avatar;
    this.room = room;
    this.event = event;
    // Neither ears nor a model: nobody talks to this agent, and it says what it is given.
    this.agent = new agents.voice.AgentSession({ vad: null, turnDetection: 'manual' });
    this.agent.on('agent_state_changed', (e) => event('agent_state', { state: e.newState, old: e.oldState }));
    this.agent.on('metrics_collected', (e) => this.#onMetrics(e.metrics));
    this.own = listeners(this.agent);
  }

  async start() {
    return await pluginsWord(async () => {
      await this.avatar.start(this.agent, this.room);
      this.started = true;
      this.#watchOutput();
      return { avatar_identity: this.avatar.avatarIdentity ?? null, vendor_session: this.avatar.sessionId ?? null };
    });
  }

  async ready(timeout) {
    const begin = performance.now();
    await pluginsWord(() => this.avatar.waitForJoin({ timeout }));
    return { waited_ms: Math.round(performance.now() - begin) };
  }

  /** Hand a sound over as user code does; returns when every frame was taken, or the speech is over. */
  async speak(utterance, file) {
    await this.#beginAgent();
    let complete = false;
    const begin = performance.now();
    const taken = resolvers();
    const audio = stream(frames(file, this.rtc.AudioFrame), () => taken.resolve((complete = true)));
    const handle = await pluginsWord(() => ({ speech: this.agent.say('la', { audio }) })); // a handle is a thenable
    handle.speech.addDoneCallback((speech) => {
      this.event('speech_done', { utterance, interrupted: speech.interrupted, error: null });
    });
    await Promise.race([taken.promise, handle.speech.waitForPlayout()]);
    return { pushed_ms: Math.round(performance.now() - begin), complete };
  }

  async interrupt() {
    await pluginsWord(() => void this.agent.interrupt());
    return {};
  }

  inspect() {
    return {
      audio_output: this.#tail()?.constructor.name ?? null,
      agent_state: this.agent.agentState,
      agent_listeners: beyond(listeners(this.agent), this.own),
    };
  }

  /** Await the plugin's own close. */
  async close() {
    await pluginsWord(() => this.avatar.aclose());
  }

  /** Close the agent session where it ever spoke; the framework lets go of the plugin's audio output. */
  async endAgent() {
    if (this.#speaks) await pluginsWord(() => this.agent.close());
  }

  async #beginAgent() {
    if (this.#speaks) return;
    this.#speaks = true;
    const agent = new this.agents.voice.Agent({ instructions: 'none' });
    // Without `audioEnabled: false` the framework puts an output of its own in the place of the plugin's.
    await pluginsWord(() => this.agent.start({ agent, room: this.room, outputOptions: { audioEnabled: false } }));
  }

  #onMetrics(metrics) {
    if (metrics.type !== 'avatar_metrics') return;
    const told = Object.entries(METRICS).filter(([name]) => metrics[name] !== undefined);
    this.event('metrics', Object.fromEntries(told.map(([name, field]) => [field, metrics[name]])));
  }

  #tail() {
    let output = this.agent.output.audio;
    while (output?.nextInChain) output = output.nextInChain;
    return output;
  }

  #watchOutput() {
    const tail = this.#tail();
    tail?.on('playbackStarted', () => this.event('playback_started', {}));
    tail?.on('playbackFinished', (e) => {
      this.event('playback_finished', { position_ms: Math.round(e.playbackPosition * 1000), interrupted: e.interrupted });
    });
  }
}

/** A stream that makes a frame when one is asked for, and none ahead. */
function stream(sound, taken) {
  const pull = (controller) => {
    const { done, value } = sound.next();
    if (!done) return controller.enqueue(value);
    controller.close();
    taken();
  };
  return new ReadableStream({ pull }, { highWaterMark: 0 });
}
