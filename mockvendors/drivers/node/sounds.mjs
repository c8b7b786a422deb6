// Sound files as the frames that user code hands to an agent.

import { readFileSync } from 'node:fs';

const FRAME_SECONDS = 0.02;

/** Yield a WAV file (s16le) as frames of 20 ms, each with samples of its own. */
export function* frames(path, AudioFrame) {
  const { rate, channels, samples } = wav(readFileSync(path));
  const step = Math.trunc(rate * FRAME_SECONDS) * channels;
  for (let at = 0; at < samples.length; at += step) {
    const data = samples.slice(at, at + step); // a copy: the framework sends the whole buffer under a frame
    yield new AudioFrame(data, rate, channels, data.length / channels);
  }
}

function wav(file) {
  let rate = 0;
  let channels = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    if (name === 'fmt ') [channels, rate] = [file.readUInt16LE(at + 10), file.readUInt32LE(at + 12)];
    if (name === 'data') return { rate, channels, samples: words(file.subarray(at + 8, at + 8 + size)) };
    at += 8 + size + (size % 2);
  }
  throw new Error('no sound in the file');
}

function words(bytes) {
  const samples = new Int16Array(bytes.length >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(2 * i);
  return samples;
}
