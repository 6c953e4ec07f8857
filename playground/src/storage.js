const PREFIX = 'tidegate-playground:';
const HISTORY = /:(queries|favorites)$/;

const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

// GraphiQL's history keeps what was under Headers even when its tabs do not: tokens have no place in it.
const withoutHeaders = (json) => JSON.stringify(JSON.parse(json, (key, value) => (key === 'headers' ? undefined : value)));

/** The browser's storage under our own prefix: other tools that were served from the same address keep theirs. */
export const storage = {
  get length() {
    return ownKeys().length;
  },
  getItem: (key) => localStorage.getItem(PREFIX + key),
  setItem: (key, value) => localStorage.setItem(PREFIX + key, HISTORY.test(key) ? withoutHeaders(value) : value),
  removeItem: (key) => localStorage.removeItem(PREFIX + key),
  clear: () => ownKeys().forEach((key) => localStorage.removeItem(key)),
};

/** Forgets everything; nothing that GraphiQL still has to write comes after it. For the moment before a reload. */
export function forget() {
  storage.setItem = () => undefined;
  storage.clear();
}
