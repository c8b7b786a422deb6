// How the driver makes an avatar session of an Anam plugin for LiveKit Agents in Node. Runs in the plugin's environment.

// Of the options there is nothing to see at run time: what a release can do is told by its version.
const SINCE_1_5 = ['avatar-model', 'video-size'];
const BASE = ['call.two', 'connection-options', 'avatar-identity', 'avatar-name'];

/** Say what this version of the plugin can do; each name is a `needs` of a case. A plugin's own CAPABILITIES come first. */
export function capabilities(plugin, version) {
  if (typeof plugin.AvatarSession !== 'function') throw new TypeError('it lacks AvatarSession');
  if (plugin.CAPABILITIES) return claimed(plugin.CAPABILITIES);
  const found = [...BASE];
  if (atLeast(version, [1, 5])) found.push(...SINCE_1_5);
  if (typeof plugin.AvatarSession.prototype.waitForJoin === 'function') found.push('wait-for-join');
  return found;
}

function claimed(names) {
  const list = typeof names === 'string' || !names[Symbol.iterator] ? [null] : [...names];
  if (list.some((name) => typeof name !== 'string')) throw new TypeError('its CAPABILITIES is not a set of names');
  return list;
}

function atLeast(version, least) {
  const numbers = version.split(/[.+-]/).map(Number);
  const differing = least.findIndex((number, place) => numbers[place] !== number);
  return differing === -1 || numbers[differing] > least[differing];
}

/** Return the plugin's `AvatarSession` for these options. */
export function make(plugin, options, vendor, connection) {
  const told = { personaConfig: { name: options.name, avatarId: options.avatar_id } };
  if ('avatar_model' in options) told.personaConfig.avatarModel = options.avatar_model;
  if (vendor.base_url != null) told.apiUrl = vendor.base_url; // what is not given, the environment may tell
  if (vendor.api_key != null) told.apiKey = vendor.api_key;
  const size = {};
  if ('video_width' in options) size.videoWidth = options.video_width;
  if ('video_height' in options) size.videoHeight = options.video_height;
  if (Object.keys(size).length > 0) told.sessionOptions = size;
  if (connection != null) {
    // Seconds, as the plugin's own type says; the framework's own options count milliseconds.
    told.connOptions = {
      maxRetry: connection.max_retry,
      retryInterval: connection.retry_interval,
      timeout: connection.timeout,
    };
  }
  if ('avatar_participant_identity' in options) told.avatarParticipantIdentity = options.avatar_participant_identity;
  if ('avatar_participant_name' in options) told.avatarParticipantName = options.avatar_participant_name;
  return new plugin.AvatarSession(told);
}
