// What a driver answers when something fails: the plugin's errors, normalised, and its own.

const BODY_LIMIT = 4096; // characters of a vendor's error text that go into a reply
const TIMED_OUT = /tim(?:ed|e)[ -]?out/i;

/** A command that cannot be done, with the error that answers it. */
export class Refused extends Error {
  constructor(error) {
    super(error.message);
    this.error = error;
  }
}

/** What the driver itself, or the description, does not know: the only two who may say so. */
export class Unsupported extends Error {}

/** What came out of the plugin's hands, whatever it is: `cause` is the plugin's own. */
export class PluginRaised extends Error {
  constructor(cause) {
    super(String(cause?.message ?? cause), { cause });
  }
}

/** Await work of the plugin's: what it throws is its own word, what is thrown elsewhere is ours. */
export async function pluginsWord(work) {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PluginRaised ? error : new PluginRaised(error);
  }
}

/** Say that the driver, and not the plugin, is wrong. */
export function driverError(message, error) {
  return { kind: 'driver', class: error?.constructor?.name ?? 'DriverError', message };
}

/** Say that the suite's description in that file, and neither driver nor plugin, is wrong. */
export function mistaken(file, told, error) {
  return { ...driverError(told, error), description: { file, told } };
}

/** Say that LiveKit, or the room, is not as it is to be. */
export function room(message) {
  return { kind: 'room', class: 'Error', message, bases: ['Error'] };
}

/** Say that what was asked for was cut off. */
export function cancelled(message) {
  return { kind: 'cancelled', class: 'Cancelled', message, bases: ['Cancelled'] };
}

/** Normalise what a plugin threw; `bases` lets the judge see the family of a class. */
export function describe(thrown, plugin) {
  if (!(thrown instanceof Error)) {
    return { kind: 'vendor_protocol', class: typeof thrown, message: String(thrown), bases: [typeof thrown] };
  }
  const bases = family(thrown);
  const error = { kind: kind(thrown, bases, plugin), class: bases[0], message: words(thrown), bases };
  if (error.kind === 'vendor_status') error.status = thrown.statusCode;
  if (bases.includes('APIError')) {
    error.retryable = thrown.retryable;
    if (thrown.body !== null && thrown.body !== undefined) error.body = text(thrown.body).slice(0, BODY_LIMIT);
  }
  return error;
}

function family(thrown) {
  const names = [];
  for (let one = Object.getPrototypeOf(thrown); one !== null; one = Object.getPrototypeOf(one)) names.push(one.constructor.name);
  return names;
}

function kind(thrown, bases, plugin) {
  if (bases.includes('APIStatusError')) return 'vendor_status';
  if (bases.includes('APITimeoutError') || thrown.name === 'TimeoutError') return 'vendor_timeout';
  if (bases.includes('APIConnectionError')) return 'vendor_connection';
  if (thrown.name === 'AbortError') return 'cancelled';
  if (isFetch(thrown)) return 'vendor_protocol';
  if (bases[0] === 'TypeError' || bases[0] === 'RangeError') return 'invalid_options';
  // JavaScript has no class for a wait that is over: the framework says so by the text of a plain Error.
  if (bases[0] === 'Error' && TIMED_OUT.test(thrown.message)) return 'vendor_timeout';
  const own = Object.values(plugin ?? {}).includes(thrown.constructor);
  return bases[0] === 'Error' || own ? 'configuration' : 'vendor_protocol';
}

/** Tell the platform's own error of a request, a TypeError as well, from that of a wrong argument. */
function isFetch(thrown) {
  return thrown.message === 'fetch failed' || thrown.message === 'terminated' || thrown.cause?.code !== undefined;
}

/** The platform says `fetch failed` and keeps the reason in the cause. */
function words(thrown) {
  const cause = thrown.cause instanceof Error ? thrown.cause.message || thrown.cause.code : '';
  return cause ? `${thrown.message}: ${cause}` : thrown.message;
}

function text(body) {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
